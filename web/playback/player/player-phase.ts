/** Pure: the one word for what the player is doing, and the sentence a waiting person reads. */
import type { StreamStatus } from '#protocol/stream-status.ts'
import { plural, speed } from '../../ui/time-format.ts'
import type { KeepPlaying } from '../engine/keep-playing.ts'
import type { Stage } from '../engine/stream-answer.ts'
import type { PlayerState } from './player-state.ts'

export type PlayerPhase = 'opening' | 'playing' | 'paused' | 'waiting' | 'reconnecting' | 'failed' | 'ended'

type Seen = Pick<PlayerState, 'isPaused' | 'isEnded' | 'isSeeking' | 'isStarved'>

export function playerPhase(keep: KeepPlaying, player: Seen): PlayerPhase {
  if (keep.mode === 'failed' || (keep.mode === 'trying' && keep.behind !== undefined)) return 'failed'
  if (keep.mode === 'trying' && keep.isFirst) return 'opening'
  if (keep.mode === 'trying' && keep.step === 'switch') return 'waiting'
  if (keep.mode !== 'steady') return 'reconnecting'
  if (player.isEnded) return 'ended'
  if (player.isPaused) return 'paused'
  return player.isStarved || player.isSeeking ? 'waiting' : 'playing'
}

/** One sentence for each stage of opening a film. */
export function openingWords(stage: Stage | undefined): string {
  switch (stage?.stage) {
    case undefined:
      return 'Calling your home…'
    case 'finding':
      return 'Looking for a copy…'
    case 'metadata':
      return stage.peers > 0 ? `Asking ${plural(stage.peers, 'peer')} what is in it…` : 'Asking what is in it…'
    case 'peers':
      return stage.peers > 0 ? `Talking to ${plural(stage.peers, 'peer')}…` : 'Looking for peers…'
    case 'probing':
      return 'Looking at how it plays here…'
    case 'ready':
      return 'Starting the film…'
  }
}

/** What a person reads while the picture waits for bytes. */
export function waitingWords(status: StreamStatus | undefined): string {
  if (status?.waiting === 'vpn') return 'Your home waits for its VPN. The film goes on by itself when it is back.'
  switch (status?.state) {
    case undefined:
    case 'complete':
      return 'Loading…'
    case 'finding-peers':
      return 'Finding peers…'
    case 'disk-full':
      return 'Your home has run out of space. Free some to go on.'
    case 'downloading':
      if (status.peers === 0) return 'Finding peers…'
      return `${plural(status.peers, 'peer')} · ${speed(status.bytesPerSecond)}`
  }
}
