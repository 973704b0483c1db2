package org.slipway.service;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** What there is to read over TFTP. Everything here may block and is called off the network's loop. */
@FunctionalInterface
public interface TftpFiles {

    /** Nothing may be read. */
    TftpFiles NONE = name -> {
        throw new AccessDeniedException(name);
    };

    /**
     * Opens a file.
     *
     * @param name as a guest wrote it, every byte a character of ISO 8859-1
     * @throws AccessDeniedException if it must not be read
     * @throws IOException if it cannot be read
     */
    Content open(String name) throws IOException;

    /** A file that is being read from its beginning to its end. By one thread at a time. */
    interface Content extends Closeable {

        /** How many bytes there were when it was opened. */
        long size();

        /** The next {@code length} bytes; fewer only where the file ends. */
        byte[] read(int length) throws IOException;
    }
}
