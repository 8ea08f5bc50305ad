/** Photos in, boxes out: image files, model inputs, decoders, suppression, labels and drawing of Ocelli. */
module ocelli.vision {
    requires transitive ocelli.core;
    requires java.desktop;
    requires org.snakeyaml.engine;

    exports ocelli.vision;
    exports ocelli.vision.image;
    exports ocelli.vision.prepare;
    exports ocelli.vision.decode;
    exports ocelli.vision.nms;
    exports ocelli.vision.draw;
    exports ocelli.vision.eval;
    exports ocelli.vision.sidecar;
}
