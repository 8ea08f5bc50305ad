/** What tests of several modules share; never part of a deployed program. */
module ocelli.testkit {
    requires transitive ocelli.core;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports ocelli.testkit;
}
