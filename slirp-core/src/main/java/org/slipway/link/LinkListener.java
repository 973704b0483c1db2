package org.slipway.link;

import org.slipway.lan.Port;

/** Told who plugs in over a link. On the network's loop only. */
public interface LinkListener {

    /**
     * A guest plugged in. The callee sets the port's receiver before it returns. The link closes the port when the guest
     * leaves; the callee may close it earlier.
     */
    void plugged(Port port);

    /** The guest behind {@code port} is gone, whoever ended it. Once for each {@link #plugged}; the port is closed. */
    void unplugged(Port port);

    /** Something happened; {@code text} is one line for a person, without a full stop. Never once per frame. */
    void event(String text);

    /** Something does not work as asked, the link goes on if it can; {@code text} as for {@link #event}. */
    void warning(String text);
}
