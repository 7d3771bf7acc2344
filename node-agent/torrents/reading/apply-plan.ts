/** Puts a piece plan into effect on a webtorrent torrent: selects, deselects, and cancels what nobody wants any more. */
import type { Torrent } from 'webtorrent'
import type { PiecePlan, Selection } from './piece-plan.ts'

/** Changes the torrent from one plan to the next. */
export function applyPlan(torrent: Torrent, previous: PiecePlan, next: PiecePlan): void {
  if (torrent.destroyed || !torrent.ready) return
  const before = new Map(previous.selections.map((selection) => [boundsOf(selection), selection]))
  const after = new Map(next.selections.map((selection) => [boundsOf(selection), selection]))
  torrent._critical = []
  for (const piece of next.critical) torrent._critical[piece] = true
  // Stream selections are counted and removed by their exact bounds; others are merged with their neighbours, and the
  // urgent part would lend its priority to the whole window. New ones come before old ones go: each change makes
  // webtorrent send requests at once, and they should be those that stay.
  for (const [bounds, { from, to, priority }] of after) {
    const old = before.get(bounds)
    if (old?.priority === priority) continue
    if (old) torrent._deselect(from, to, true)
    torrent._select(from, to, priority, undefined, true)
  }
  for (const [bounds, { from, to }] of before) {
    if (!after.has(bounds)) torrent._deselect(from, to, true)
  }
  cancelUnwanted(torrent, next)
}

const boundsOf = ({ from, to }: Selection) => `${from}-${to}`

/** webtorrent lets requests run on when nobody wants their pieces; a peer that is told (BEP 3 `cancel`) stops. */
function cancelUnwanted(torrent: Torrent, plan: PiecePlan): void {
  for (const wire of torrent.wires) {
    // A web seed's request is one HTTP response: nothing to tell it.
    if (wire.type === 'webSeed') continue
    for (const { piece, offset, length } of wire.requests.filter((request) => !plan.wanted.has(request.piece))) {
      wire.cancel(piece, offset, length)
    }
  }
}
