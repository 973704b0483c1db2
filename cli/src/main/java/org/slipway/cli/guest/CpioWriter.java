package org.slipway.cli.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an archive as the Linux kernel unpacks it for its first file system (cpio "newc", described in the kernel's
 * {@code Documentation/driver-api/early-userspace/buffer-format.rst}). All entries belong to root and have no time.
 */
final class CpioWriter {

    private static final int DIRECTORY = 0040755;
    private static final int EXECUTABLE = 0100755;
    private static final int CHARACTER_DEVICE = 0020600;
    private static final int ALIGNMENT = 4;
    private static final byte[] NOTHING = {};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode;

    /** Adds a directory; its parent comes first. Names have no leading slash. */
    CpioWriter directory(String name) {
        entry(name, DIRECTORY, 0, 0, NOTHING);
        return this;
    }

    /** Adds a regular file that everybody may read and run. */
    CpioWriter file(String name, byte[] content) {
        entry(name, EXECUTABLE, 0, 0, content);
        return this;
    }

    /** Adds a character device for root. */
    CpioWriter device(String name, int major, int minor) {
        entry(name, CHARACTER_DEVICE, major, minor, NOTHING);
        return this;
    }

    /** Ends the archive; nothing can be added afterwards. */
    byte[] finish() {
        entry("TRAILER!!!", 0, 0, 0, NOTHING);
        return out.toByteArray();
    }

    private void entry(String name, int mode, int major, int minor, byte[] content) {
        byte[] nameBytes = (name + '\0').getBytes(StandardCharsets.UTF_8);
        out.writeBytes("070701".getBytes(StandardCharsets.US_ASCII));
        field(++inode);
        field(mode);
        field(0); // owner
        field(0); // group
        field(1); // links
        field(0); // time
        field(content.length);
        field(0); // device of the archive
        field(0);
        field(major);
        field(minor);
        field(nameBytes.length);
        field(0); // checksum, unused in this format
        out.writeBytes(nameBytes);
        align();
        out.writeBytes(content);
        align();
    }

    private void field(int value) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            out.write(Character.forDigit(value >>> shift & 0xf, 16));
        }
    }

    private void align() {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }
}
