import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The choice of a switch over types as a chain of instanceof. */
final class TypeSwitch {
    private TypeSwitch() {
    }

    /**
     * A body that takes the object and the first label to look at, and returns the index of the first label that fits from there
     * on, the number of labels when none does, or -1 for null: what {@link java.lang.runtime.SwitchBootstraps#typeSwitch} says.
     * Empty when a label is no class.
     */
    static Optional<Consumer<CodeBuilder>> body(List<ConstantDesc> labels) {
        if (!labels.stream().allMatch(l -> l instanceof ClassDesc type && !type.isPrimitive())) {
            return Optional.empty();
        }
        return Optional.of(code -> {
            Label object = code.newLabel();
            code.aload(0).ifnonnull(object).iconst_m1().ireturn().labelBinding(object);
            for (int i = 0; i < labels.size(); i++) {
                Label next = code.newLabel();
                // A switch comes back for later labels when a guard said no.
                code.iload(1).loadConstant(i).if_icmpgt(next);
                code.aload(0).instanceOf((ClassDesc) labels.get(i)).ifeq(next).loadConstant(i).ireturn().labelBinding(next);
            }
            code.loadConstant(labels.size()).ireturn();
        });
    }
}
