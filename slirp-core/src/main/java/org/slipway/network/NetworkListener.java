package org.slipway.network;

/** Told what happens in a network, in sentences for a person. Called on the network's loop: be quick, never block. */
public interface NetworkListener {

    /** Hears nothing. */
    NetworkListener SILENT = (kind, text) -> {};

    /** What kind of thing happened. */
    enum Kind {
        /** A guest plugged in or left, a lease was given, a forward is ready. */
        INFO,
        /** Something does not work as asked, the network goes on. */
        WARNING
    }

    /** One thing happened. {@code text} is one line without a full stop. */
    void event(Kind kind, String text);
}
