package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code realtime-bom} lists what is published, all of it and nothing else. */
class BillOfMaterialsTest {
  private final Element root = pom(".");
  private final Element bom = pom("realtime-bom");

  @Test
  void it_lists_every_module_that_is_deployed_and_no_other() {
    List<String> deployed =
        texts(child(root, "modules"), "module")
            .map(BillOfMaterialsTest::pom)
            .filter(BillOfMaterialsTest::isDeployed)
            .map(module -> text(module, "artifactId"))
            .filter(artifact -> !artifact.equals("realtime-bom"))
            .toList();

    assertThat(deployed).hasSizeGreaterThan(5);
    assertThat(managed()).extracting(one -> text(one, "artifactId")).hasSameElementsAs(deployed);
  }

  @Test
  void it_brings_the_versions_of_our_modules_only_and_they_are_the_build_s() {
    assertThat(children(bom, "parent")).as("its management would be imported, too").isEmpty();
    assertThat(text(bom, "version")).isEqualTo(text(root, "version"));
    assertThat(managed())
        .allSatisfy(one -> assertThat(text(one, "groupId")).isEqualTo("dev.realtime4j"))
        .allSatisfy(one -> assertThat(text(one, "version")).isEqualTo("${project.version}"));
  }

  private List<Element> managed() {
    Element list = child(child(bom, "dependencyManagement"), "dependencies");
    return children(list, "dependency").toList();
  }

  private static boolean isDeployed(Element module) {
    return children(module, "properties")
        .flatMap(properties -> texts(properties, "maven.deploy.skip"))
        .noneMatch("true"::equals);
  }

  private static Element pom(String module) {
    Path file = Project.ROOT.resolve(module).resolve("pom.xml");
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (Exception e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  private static Stream<Element> children(Element parent, String name) {
    NodeList nodes = parent.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(node -> node.getNodeName().equals(name))
        .map(Element.class::cast);
  }

  private static Element child(Element parent, String name) {
    return children(parent, name).findFirst().orElseThrow();
  }

  private static Stream<String> texts(Element parent, String name) {
    return children(parent, name).map(one -> one.getTextContent().strip());
  }

  private static String text(Element parent, String name) {
    return child(parent, name).getTextContent().strip();
  }
}
