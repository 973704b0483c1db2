package org.slipway.tap;

/** A file of allowed bridges that cannot be read or understood: nobody may join any bridge then. The message is for users. */
public final class BridgeAclException extends Exception {

    private static final long serialVersionUID = 1;

    BridgeAclException(String message) {
        super(message);
    }
}
