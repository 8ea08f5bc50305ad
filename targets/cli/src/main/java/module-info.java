/**
 * The command line of Ocelli. Kernel providers are not required here: they are found as services, so that taking one of their
 * jars away leaves a program that runs.
 */
module ocelli.cli {
    requires ocelli.core;
    requires ocelli.vision;
    requires ocelli.compress;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires java.xml;

    opens ocelli.cli to info.picocli;
}
