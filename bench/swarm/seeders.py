"""Seeders of one made-up file or of a film, each a libtorrent session with a port and an upload limit of its own.

argv[1] is JSON: {"folder": str, "sizeBytes": int, "pieceBytes": int, "torrents": int, "limits": [bytes per second, 0 = none],
"film": path of the file that each torrent holds under a name of its own (else random bytes),
"hasSentBefore": each seeder has sent some of each torrent to somebody who has left since}
Prints one line {"torrentFiles": [path], "ports": [[port of each seeder] per torrent]} and lives until its standard input closes.
"""
import json
import os
import random
import sys
import time

import libtorrent as lt

options = json.loads(sys.argv[1])
folder, size, piece = options["folder"], options["sizeBytes"], options["pieceBytes"]


def make(number):
    film = options.get("film")
    name = "film-%d%s" % (number, os.path.splitext(film)[1] if film else ".bin")
    path = os.path.join(folder, name)
    if film:
        # The name is part of what is hashed: the same bytes, and a torrent that nobody has met.
        os.symlink(film, path)
    elif not os.path.exists(path) or os.path.getsize(path) != size:
        made = random.Random(number)
        with open(path, "wb") as file:
            for at in range(0, size, 1 << 22):
                file.write(made.randbytes(min(1 << 22, size - at)))
    files = lt.file_storage()
    lt.add_files(files, path)
    torrent = lt.create_torrent(files, piece, flags=lt.create_torrent.v1_only)
    lt.set_piece_hashes(torrent, folder)
    torrent_file = os.path.join(folder, "film-%d-%d.torrent" % (number, piece))
    with open(torrent_file, "wb") as file:
        file.write(lt.bencode(torrent.generate()))
    return torrent_file


torrent_files = [make(number) for number in range(options.get("torrents", 1))]
LOCAL_ONLY = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "unchoke_slots_limit": -1, "active_limit": -1, "active_seeds": -1, "active_downloads": -1, "alert_mask": 0,
}
sessions = []
# libtorrent sends what is limited every half second, counted from when its session began. Four machines do not begin
# together; sessions begun one behind another do, and would all answer in the same moment.
TICK_SECONDS = 0.5
GOLDEN_RATIO = 0.618034
began = time.monotonic()
for number, limit in enumerate(options["limits"]):
    due = began + number * TICK_SECONDS * (1 + GOLDEN_RATIO)
    time.sleep(max(0, due - time.monotonic()))
    session = lt.session(LOCAL_ONLY)
    for torrent_file in torrent_files:
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent_file)
        params.save_path = folder
        # Not seed_mode: that hashes each piece when it is first asked for, which no seeder of old does.
        params.have_pieces = [True] * params.ti.num_pieces()
        params.flags = lt.torrent_flags.update_subscribe
        handle = session.add_torrent(params)
        if limit:
            # A limit of the session spares peers on loopback; one of the torrent does not.
            handle.set_upload_limit(limit)
    sessions.append(session)
while not all(handle.status().is_seeding for session in sessions for handle in session.get_torrents()):
    time.sleep(0.05)


def let_somebody_leech():
    """libtorrent sends nothing of a limited torrent, its handshake included, before three of its half-second steps have
    filled an allowance that begins empty: 1.0 to 1.5 s for the first leecher that a seeder ever has, 2 ms for every
    later one. The seeders that a viewer meets have been there for longer than this press of Play."""
    enough = min(max(options["limits"]), size / 2)
    leechers = []
    for number, seeder in enumerate(sessions):
        leecher = lt.session(LOCAL_ONLY)
        for torrent_file in torrent_files:
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(torrent_file)
            params.save_path = os.path.join(folder, "leecher-%d" % number)
            handle = leecher.add_torrent(params)
            handle.connect_peer(("127.0.0.1", seeder.listen_port()))
        leechers.append(leecher)
    while any(h.status().total_payload_download < enough for leecher in leechers for h in leecher.get_torrents()):
        time.sleep(0.05)
    for leecher in leechers:
        for handle in leecher.get_torrents():
            leecher.remove_torrent(handle, lt.options_t.delete_files)


if options.get("hasSentBefore"):
    let_somebody_leech()
print(json.dumps({"torrentFiles": torrent_files, "ports": [s.listen_port() for s in sessions]}), flush=True)
sys.stdin.read()
