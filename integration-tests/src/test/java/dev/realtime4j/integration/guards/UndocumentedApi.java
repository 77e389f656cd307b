package dev.realtime4j.integration.guards;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What is public or protected in some files and has no Javadoc. Read by the compiler's own parser,
 * which takes a second for all of them.
 */
final class UndocumentedApi extends TreePathScanner<@Nullable Void, @Nullable Void> {
  private final CompilationUnitTree file;
  private final DocTrees trees;
  private final List<String> found;

  private UndocumentedApi(CompilationUnitTree file, DocTrees trees, List<String> found) {
    this.file = file;
    this.trees = trees;
    this.found = found;
  }

  static List<String> in(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree file : task.parse()) {
        new UndocumentedApi(file, trees, found).scan(file, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    if (!isVisible(type.getModifiers())) {
      return null; // and nothing in it is
    }
    DocCommentTree comment = comment(type.getSimpleName());
    if (comment != null && type.getKind() == Kind.RECORD) {
      type.getMembers().stream()
          .filter(member -> member instanceof VariableTree)
          .map(member -> (VariableTree) member)
          .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
          .filter(component -> !tags(comment).contains("@param " + component.getName()))
          .forEach(component -> report(type.getSimpleName() + ": @param " + component.getName()));
    }
    return super.visitClass(type, none);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
    if (isVisible(method.getModifiers()) && !isOverriding(method)) {
      DocCommentTree comment = comment(method.getName());
      if (comment != null) {
        method.getThrows().stream()
            .filter(thrown -> !tags(comment).contains("@throws " + thrown))
            .forEach(thrown -> report(method.getName() + ": @throws " + thrown));
      }
    }
    return null; // what is declared in its body is nobody's
  }

  @Override
  public @Nullable Void visitVariable(VariableTree field, @Nullable Void none) {
    if (isVisible(field.getModifiers())) {
      comment(field.getName());
    }
    return null;
  }

  private @Nullable DocCommentTree comment(Name name) {
    DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
    if (comment == null) {
      report(name + ": no comment");
    }
    return comment;
  }

  private void report(String what) {
    found.add(Path.of(file.getSourceFile().toUri()).getFileName() + ": " + what);
  }

  private static String tags(DocCommentTree comment) {
    return comment.getBlockTags().stream()
        .map(tag -> tag.toString().replaceAll("\\s+", " "))
        .collect(Collectors.joining("\n", "", " "));
  }

  private boolean isVisible(ModifiersTree modifiers) {
    Set<Modifier> flags = modifiers.getFlags();
    Kind around = getCurrentPath().getParentPath().getLeaf().getKind();
    return flags.contains(Modifier.PUBLIC)
        || flags.contains(Modifier.PROTECTED)
        || (around == Kind.INTERFACE || around == Kind.ANNOTATION_TYPE)
            && !flags.contains(Modifier.PRIVATE);
  }

  private static boolean isOverriding(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
  }
}
