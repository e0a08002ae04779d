"""Boosted trees, from training to the bytes that copydesk reads."""
import struct


def export(model, path, features, depth):
    """Writes the trees of a LightGBM model in the format that `src/detect/trees.rs` describes."""
    trees = model.dump_model()["tree_info"]
    out = bytearray(struct.pack("<4sHBB", b"STT2", len(trees), depth, features))
    for tree in trees:
        places = 2 ** depth
        which, thresholds, leaves = [0] * places, [0.] * places, [0.] * places
        def walk(node, at):
            if at >= places:
                leaves[at - places] = node["leaf_value"]
            elif "split_index" in node:
                which[at], thresholds[at] = node["split_feature"], node["threshold"]
                walk(node["left_child"], 2 * at), walk(node["right_child"], 2 * at + 1)
            else:  # A leaf above the ground stands at the end of either way.
                walk(node, 2 * at), walk(node, 2 * at + 1)
        walk(tree["tree_structure"], 1)
        out += struct.pack(f"<{places}B{2 * places}f", *which, *thresholds, *leaves)
    open(path, "wb").write(out)
