/** One lane of a connection: a viewer's messages in, answers out, each at the pace of the channel and of its reader. */
import { AppError, toErrorData } from '#protocol/errors.ts'
import { decodeToHome, encodeToViewer, type LaneRequest } from '#protocol/p2p.ts'
import { type Answering, type AnswerOptions, answerOverLane } from './answer-over-lane.ts'

export type LaneOptions = AnswerOptions & {
  /** Takes one of the places that all lanes of a connection share; false when none is left. */
  begin: () => boolean
  /** Gives it back. */
  end: () => void
}

export type Lane = {
  /** Throws `invalid` for what no viewer of ours says: the connection is closed then. */
  onMessage(message: Uint8Array): void
  /** Little of what was sent waits here any more. */
  onDrained(): void
  close(reason: AppError): void
}

export function createLane(options: LaneOptions): Lane {
  const running = new Map<number, Answering>()

  const start = (id: number, request: LaneRequest) => {
    if (running.has(id)) throw new AppError('invalid', 'Two requests have one id.')
    const over = () => {
      running.delete(id)
      options.end()
    }
    if (options.begin()) running.set(id, answerOverLane(id, request, options, over))
    else options.channel.send(encodeToViewer({ type: 'failed', id, error: toErrorData(tooMany()) }))
  }

  return {
    onMessage(message) {
      const said = decodeToHome(message)
      switch (said.type) {
        case 'request':
          return start(said.id, said.request)
        // An answer may end while its reader's last words are on their way.
        case 'credit':
          return running.get(said.id)?.credit(said.bytes)
        case 'cancel':
          return running.get(said.id)?.cancel(new AppError('timed_out', 'The viewer has left.'))
      }
    },
    onDrained() {
      for (const answering of running.values()) answering.wake()
    },
    close(reason) {
      for (const answering of running.values()) answering.cancel(reason)
    },
  }
}

const tooMany = () => new AppError('busy', 'This is more than one viewer asks for at once. Please try again.')
