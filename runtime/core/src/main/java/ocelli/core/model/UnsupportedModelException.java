package ocelli.core.model;

import java.util.List;

/** A well-formed model that needs something no provider has. All needs are listed at once. */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    /**
     * @param model   path or name of the model
     * @param reasons one entry per node: its name, operator, types and each provider's reason
     */
    public UnsupportedModelException(String model, List<String> reasons) {
        super(model + ": " + String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }
}
