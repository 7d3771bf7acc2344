/** What those need of an opened torrent who only read its files: a film of the operator's own offers the same. */
import type { OpenTorrent } from './open-torrent.ts'
import type { Torrents } from './torrents.ts'

export type ReadableTorrent = Pick<
  OpenTorrent,
  | 'layout'
  | 'peers'
  | 'bytesOnDisk'
  | 'hold'
  | 'pin'
  | 'beginRead'
  | 'endRead'
  | 'arrived'
  | 'hasArrived'
  | 'isOnTrial'
  | 'arrival'
  | 'moved'
  | 'read'
  | 'distrust'
  | 'check'
  | 'status'
>

/** Where films are opened: the swarm's, and those on this machine. */
export type Openable = Pick<Torrents, 'peersOf' | 'isKept'> & {
  open(...asked: Parameters<Torrents['open']>): Promise<ReadableTorrent>
}
