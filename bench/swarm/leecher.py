"""libtorrent fetching one torrent to an empty folder: argv = torrent file, folder, port of the seeder. Prints one JSON line."""
import json
import resource
import sys
import time

import libtorrent as lt

torrent_file, folder, port = sys.argv[1:]
session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "enable_incoming_utp": False, "enable_outgoing_utp": False, "alert_mask": 0,
})
params = lt.add_torrent_params()
params.ti = lt.torrent_info(torrent_file)
params.save_path = folder


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


began, cpu_before = time.monotonic(), cpu()
handle = session.add_torrent(params)
handle.connect_peer(("127.0.0.1", int(port)))
while not handle.status().is_seeding:
    time.sleep(0.01)
print(json.dumps({"seconds": time.monotonic() - began, "cpuSeconds": cpu() - cpu_before}))
