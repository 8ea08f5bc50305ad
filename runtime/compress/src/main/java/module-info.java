/** Post-training quantisation: float networks become int8 networks, measured on photos. */
module ocelli.compress {
    requires ocelli.core;
    requires ocelli.formats;

    exports ocelli.compress;
}
