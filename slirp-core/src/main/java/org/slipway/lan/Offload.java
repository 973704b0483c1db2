package org.slipway.lan;

/**
 * What a port's device does by itself (virtio-net features): fills in transport checksums; cuts large TCP packets.
 *
 * @param checksum whether frames with {@link Frame#needsChecksum} are taken
 * @param segmentation whether frames with {@link Frame#segmentation} are taken, up to 64 KiB
 */
public record Offload(boolean checksum, boolean segmentation) {

    /** The device takes ready frames only. */
    public static final Offload NONE = new Offload(false, false);

    /** The device does everything. */
    public static final Offload ALL = new Offload(true, true);
}
