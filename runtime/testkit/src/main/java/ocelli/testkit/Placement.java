package ocelli.testkit;

/** Where the operands of a kernel lie. */
public enum Placement {
    /** As in a plan: activations and scratch memory at multiples of 64, constants at an odd address; canaries around all. */
    PLAIN,
    /** The last byte of each operand is the last one before an unmapped page; an access beyond ends the process. */
    GUARD_BEHIND,
    /** The first byte of each operand is the first one after an unmapped page. */
    GUARD_BEFORE
}
