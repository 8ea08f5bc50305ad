import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Plain methods in place of what a class would make at run time: the choice of a switch over types, and a record's
 * {@code equals} and {@code hashCode}. JDK 25's AOT cache does not keep those, so that every start would make them anew,
 * 1 to 3 ms each and 30 of them before the first inference.
 */
final class PlainCode {
    private final ClassDesc self;
    private final boolean isInterface;
    /** Names of the methods by index of the constant whose place they take. */
    private final Map<Integer, String> names = new HashMap<>();
    private final List<Consumer<ClassBuilder>> methods = new ArrayList<>();

    private PlainCode(ClassModel model) {
        self = model.thisClass().asSymbol();
        isInterface = model.flags().has(AccessFlag.INTERFACE);
    }

    /** The change that a class needs; empty when it needs none. */
    static Optional<ClassTransform> of(ClassModel model) {
        PlainCode plain = new PlainCode(model);
        model.methods().stream().flatMap(m -> m.code().stream()).forEach(code -> {
            for (CodeElement element : code) {
                if (element instanceof InvokeDynamicInstruction site) {
                    plain.add(site);
                }
            }
        });
        return plain.methods.isEmpty() ? Optional.empty() : Optional.of(plain.transform());
    }

    private void add(InvokeDynamicInstruction site) {
        if (!names.containsKey(site.invokedynamic().index())) {
            body(site).ifPresent(body -> {
                String name = "plain$" + site.name().stringValue() + '$' + methods.size();
                names.put(site.invokedynamic().index(), name);
                int flags = AccessFlag.PRIVATE.mask() | AccessFlag.STATIC.mask() | AccessFlag.SYNTHETIC.mask();
                methods.add(type -> type.withMethodBody(name, site.typeSymbol(), flags, body));
            });
        }
    }

    private static Optional<Consumer<CodeBuilder>> body(InvokeDynamicInstruction site) {
        ClassDesc owner = site.bootstrapMethod().owner();
        String method = site.bootstrapMethod().methodName();
        if (owner.equals(ClassDesc.of("java.lang.runtime.SwitchBootstraps")) && method.equals("typeSwitch")) {
            return TypeSwitch.body(site.bootstrapArgs());
        }
        return owner.equals(ClassDesc.of("java.lang.runtime.ObjectMethods"))
                ? RecordMethod.body(site.name().stringValue(), site.bootstrapArgs()) : Optional.empty();
    }

    private ClassTransform transform() {
        CodeTransform code = (builder, element) -> {
            String name = element instanceof InvokeDynamicInstruction site ? names.get(site.invokedynamic().index()) : null;
            if (name == null) {
                builder.with(element);
            } else {
                MethodTypeDesc type = ((InvokeDynamicInstruction) element).typeSymbol();
                builder.invokestatic(self, name, type, isInterface);
            }
        };
        ClassTransform bodies = (builder, element) -> {
            if (element instanceof MethodModel method && changes(method)) {
                builder.transformMethod(method, MethodTransform.transformingCode(code));
            } else {
                builder.with(element);
            }
        };
        return bodies.andThen(ClassTransform.endHandler(type -> methods.forEach(m -> m.accept(type))));
    }

    private boolean changes(MethodModel method) {
        return method.code().stream().flatMap(code -> code.elementStream())
                .anyMatch(e -> e instanceof InvokeDynamicInstruction site && names.containsKey(site.invokedynamic().index()));
    }
}
