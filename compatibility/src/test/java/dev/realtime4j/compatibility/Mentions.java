package dev.realtime4j.compatibility;

import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What a class file names: the types, the methods that it calls or hands on, the fields.
 *
 * @param types internal names
 */
record Mentions(Set<String> types, Set<Member> members) {
  /**
   * A method or field, as the class file says where and how it is.
   *
   * @param descriptor begins with a parenthesis when it is a method
   */
  record Member(
      String owner, String name, String descriptor, boolean isStatic, boolean ofInterface) {
    boolean isMethod() {
      return descriptor.startsWith("(");
    }

    @Override
    public String toString() {
      return owner.replace('/', '.') + "." + name + (isMethod() ? "" : ": ") + descriptor;
    }
  }

  static Mentions in(ClassNode node) {
    Set<String> types = new LinkedHashSet<>();
    Remapper collecting =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            types.add(internalName);
            return internalName;
          }
        };
    node.accept(new ClassRemapper(new ClassNode(), collecting));
    Set<Member> members = new LinkedHashSet<>();
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode each : method.instructions) {
        add(each, members);
      }
    }
    return new Mentions(types, members);
  }

  private static void add(AbstractInsnNode instruction, Set<Member> members) {
    int opcode = instruction.getOpcode();
    if (instruction instanceof MethodInsnNode call && !call.owner.startsWith("[")) {
      members.add(
          new Member(call.owner, call.name, call.desc, opcode == Opcodes.INVOKESTATIC, call.itf));
    } else if (instruction instanceof FieldInsnNode field) {
      boolean isStatic = opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC;
      members.add(new Member(field.owner, field.name, field.desc, isStatic, false));
    } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
      for (Object argument : dynamic.bsmArgs) {
        if (argument instanceof Handle handle) {
          members.add(
              new Member(
                  handle.getOwner(),
                  handle.getName(),
                  handle.getDesc(),
                  handle.getTag() == Opcodes.H_INVOKESTATIC,
                  handle.isInterface()));
        }
      }
    }
  }
}
