/** What every engine under measurement can do, so that one benchmark drives them all alike. */

export type SwarmToJoin = {
  torrentFiles: string[]
  addresses: string[]
  /** Empty, and its own. */
  folder: string
}

export type Place = { torrent: number; offset: number }

export type Subject = {
  /** Adds the torrents and their peers; resolves when they can be read. */
  open(swarm: SwarmToJoin): Promise<void>
  /** The one file of a torrent from an offset on; leaving the loop leaves as a player does. */
  read(place: Place): AsyncIterable<Uint8Array>
  /** Brings the first torrent's whole file to disk, the way this engine does it fastest. */
  fetchAll(): Promise<void>
  /** Bytes that came from peers. */
  received(): number
  /** Connected peers of the first torrent. */
  peers(): number
  /** Leaves the torrents; the client lives on, as an agent does. */
  close(): Promise<void>
}
