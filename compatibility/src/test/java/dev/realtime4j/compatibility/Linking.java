package dev.realtime4j.compatibility;

import dev.realtime4j.compatibility.Mentions.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Whether classes that were compiled with one version of a library link with another one: what the
 * JVM would find out at the first call, for all of them at once.
 */
final class Linking {
  private final Classes ours;
  private final Classes library;
  private final String prefix;

  /**
   * @param prefix what the names of the library's packages begin with
   */
  Linking(Classes ours, Classes library, String prefix) {
    this.ours = ours;
    this.library = library;
    this.prefix = prefix.replace('.', '/');
  }

  /** What does not link, each with the reason. */
  Set<String> problems() {
    Set<String> problems = new TreeSet<>();
    for (ClassNode node : ours.all()) {
      String where = node.name.substring(node.name.lastIndexOf('/') + 1) + ": ";
      Mentions mentions = Mentions.in(node);
      mentions.types().stream()
          .filter(type -> type.startsWith(prefix))
          .filter(type -> library.find(type).filter(Linking::isPublic).isEmpty())
          .forEach(type -> problems.add(where + "no type " + type.replace('/', '.')));
      mentions.members().stream()
          .filter(this::isChecked)
          .filter(member -> !links(member, node))
          .forEach(member -> problems.add(where + "no " + member));
      inheritance(node).forEach(problem -> problems.add(where + problem));
    }
    return problems;
  }

  /** How many members of the library are named: none would mean that nothing was checked. */
  long checked() {
    return ours.all().stream()
        .flatMap(node -> Mentions.in(node).members().stream())
        .filter(member -> member.owner().startsWith(prefix))
        .distinct()
        .count();
  }

  /** Of the library, or of a class of ours that may have it from there. */
  private boolean isChecked(Member member) {
    return member.owner().startsWith(prefix) || ours.holds(member.owner());
  }

  private boolean links(Member member, ClassNode from) {
    Optional<ClassNode> owner = find(member.owner());
    if (owner.isEmpty()) {
      return false;
    }
    if (member.isMethod() && member.ofInterface() != Modifier.isInterface(owner.get().access)) {
      return false;
    }
    List<ClassNode> hierarchy = hierarchy(owner.get());
    boolean constructor = member.name().equals("<init>");
    for (ClassNode each : constructor ? List.of(owner.get()) : hierarchy) {
      Optional<Integer> access = access(each, member);
      if (access.isPresent()) {
        return Modifier.isStatic(access.get()) == member.isStatic()
            && (ours.holds(each.name)
                || Modifier.isPublic(access.get())
                || Modifier.isProtected(access.get()) && hierarchy(from).contains(each));
      }
    }
    // What a third library declares is not this check's matter.
    return hierarchy.stream().anyMatch(this::extendsAnother);
  }

  private boolean extendsAnother(ClassNode node) {
    return node.superName != null
        && !node.superName.startsWith(prefix)
        && find(node.superName).isEmpty();
  }

  private static Optional<Integer> access(ClassNode node, Member member) {
    if (member.isMethod()) {
      return node.methods.stream()
          .filter(each -> each.name.equals(member.name()) && each.desc.equals(member.descriptor()))
          .map(each -> each.access)
          .findFirst();
    }
    return node.fields.stream()
        .filter(each -> each.name.equals(member.name()) && each.desc.equals(member.descriptor()))
        .map(each -> each.access)
        .findFirst();
  }

  /** What a class of ours must and must not do because of what it extends or implements. */
  private List<String> inheritance(ClassNode node) {
    List<String> problems = new ArrayList<>();
    List<ClassNode> above = hierarchy(node);
    if (node.superName != null
        && find(node.superName).filter(parent -> Modifier.isFinal(parent.access)).isPresent()) {
      problems.add("extends the final " + node.superName);
    }
    for (ClassNode parent : above) {
      if (!library.holds(parent.name)) {
        continue;
      }
      for (MethodNode method : parent.methods) {
        if (Modifier.isAbstract(method.access)
            && !Modifier.isAbstract(node.access)
            && above.stream().noneMatch(each -> implemented(each, method))) {
          problems.add("does not implement " + parent.name + "." + method.name + method.desc);
        }
        if (Modifier.isFinal(method.access)
            && node.methods.stream().anyMatch(each -> same(each, method))) {
          problems.add("overrides the final " + parent.name + "." + method.name + method.desc);
        }
      }
    }
    return problems;
  }

  private static boolean implemented(ClassNode node, MethodNode method) {
    return node.methods.stream()
        .anyMatch(each -> same(each, method) && !Modifier.isAbstract(each.access));
  }

  private static boolean same(MethodNode one, MethodNode other) {
    return one.name.equals(other.name) && one.desc.equals(other.desc);
  }

  /** A class, then what it extends, then what all of these implement. */
  private List<ClassNode> hierarchy(ClassNode node) {
    Set<ClassNode> classes = new LinkedHashSet<>();
    for (Optional<ClassNode> each = Optional.of(node);
        each.isPresent();
        each = Optional.ofNullable(each.get().superName).flatMap(this::find)) {
      classes.add(each.get());
    }
    Deque<String> interfaces = new ArrayDeque<>();
    classes.forEach(each -> interfaces.addAll(each.interfaces));
    while (!interfaces.isEmpty()) {
      find(interfaces.remove())
          .filter(classes::add)
          .ifPresent(each -> interfaces.addAll(each.interfaces));
    }
    return List.copyOf(classes);
  }

  private Optional<ClassNode> find(String name) {
    return ours.holds(name) ? ours.find(name) : library.find(name);
  }

  private static boolean isPublic(ClassNode node) {
    return Modifier.isPublic(node.access);
  }
}
