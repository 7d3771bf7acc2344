"""One libtorrent session with one torrent: seeds it when its files are there, else downloads it.

argv: .torrent, folder of its files, encryption ("default", "off" or "only"). Prints {"port"} and then {"complete"} when
it has all; lives until its standard input closes.
"""
import json
import sys
import threading
import time

import libtorrent as lt

torrent_file, folder, encryption = sys.argv[1:4]
policy = {"only": 0, "default": 1, "off": 2}[encryption]
session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False,
    # All of them are at 127.0.0.1 here, the session itself too, which it would ban.
    "allow_multiple_connections_per_ip": True,
    "in_enc_policy": policy, "out_enc_policy": policy, "alert_mask": 0,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent_file)
params.save_path = folder
handle = session.add_torrent(params)


def watch():
    while not handle.status().is_seeding:
        time.sleep(0.05)
    print(json.dumps({"complete": True}), flush=True)


while session.listen_port() == 0:
    time.sleep(0.02)
print(json.dumps({"port": session.listen_port()}), flush=True)
threading.Thread(target=watch, daemon=True).start()
sys.stdin.read()
