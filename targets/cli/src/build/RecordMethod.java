import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A record's {@code equals} and {@code hashCode} as plain code that gives what {@link java.lang.runtime.ObjectMethods} gives. */
final class RecordMethod {
    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");
    private static final Map<TypeKind, ClassDesc> BOXES = Map.of(TypeKind.BOOLEAN, ConstantDescs.CD_Boolean, TypeKind.BYTE, ConstantDescs.CD_Byte,
            TypeKind.CHAR, ConstantDescs.CD_Character, TypeKind.SHORT, ConstantDescs.CD_Short, TypeKind.INT, ConstantDescs.CD_Integer,
            TypeKind.LONG, ConstantDescs.CD_Long, TypeKind.FLOAT, ConstantDescs.CD_Float, TypeKind.DOUBLE, ConstantDescs.CD_Double);

    /** A component's field. */
    private record Field(ClassDesc owner, String name, ClassDesc type) {
        private Field(DirectMethodHandleDesc getter) {
            this(getter.owner(), getter.methodName(), getter.invocationType().returnType());
        }

        void load(CodeBuilder code, int local) {
            code.aload(local).getfield(owner, name, type);
        }

        TypeKind kind() {
            return TypeKind.from(type);
        }
    }

    private RecordMethod() {
    }

    /**
     * The body of a method; empty for toString, which no start needs.
     *
     * @param args the record, the names of its components, and how to get each
     */
    static Optional<Consumer<CodeBuilder>> body(String method, List<ConstantDesc> args) {
        ClassDesc self = (ClassDesc) args.get(0);
        List<Field> fields = args.stream().skip(2).map(arg -> new Field((DirectMethodHandleDesc) arg)).toList();
        return switch (method) {
            case "equals" -> Optional.of(code -> equality(code, self, fields));
            case "hashCode" -> Optional.of(code -> hash(code, fields));
            default -> Optional.empty();
        };
    }

    private static void equality(CodeBuilder code, ClassDesc self, List<Field> fields) {
        Label other = code.newLabel();
        Label differs = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
        code.aload(1).instanceOf(self).ifeq(differs).aload(1).checkcast(self).astore(2);
        for (Field field : fields) {
            field.load(code, 0);
            field.load(code, 2);
            switch (field.kind()) {
                case REFERENCE -> code.invokestatic(OBJECTS, "equals", MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object,
                        ConstantDescs.CD_Object)).ifeq(differs);
                case LONG -> code.lcmp().ifne(differs);
                // Their order makes NaN equal to itself and -0 another number than 0.
                case FLOAT, DOUBLE -> code.invokestatic(BOXES.get(field.kind()), "compare",
                        MethodTypeDesc.of(ConstantDescs.CD_int, field.type(), field.type())).ifne(differs);
                default -> code.if_icmpne(differs);
            }
        }
        code.iconst_1().ireturn().labelBinding(differs).iconst_0().ireturn();
    }

    private static void hash(CodeBuilder code, List<Field> fields) {
        code.iconst_0();
        for (Field field : fields) {
            code.bipush(31).imul();
            field.load(code, 0);
            boolean object = field.kind() == TypeKind.REFERENCE;
            code.invokestatic(object ? OBJECTS : BOXES.get(field.kind()), "hashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, object ? ConstantDescs.CD_Object : field.type())).iadd();
        }
        code.ireturn();
    }
}
