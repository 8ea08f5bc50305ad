/** What tests of several modules share; never part of a deployed program. */
module ocelli.testkit {
    requires transitive ocelli.core;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;
    requires static org.bytedeco.tensorflowlite;
    requires static org.bytedeco.javacpp;
    requires static com.microsoft.onnxruntime;

    exports ocelli.testkit;
}
