/** One data channel to home: requests go out, and answers come back as they do from `fetch`. */
import { AppError, statusOf } from '#protocol/errors.ts'
import { CREDIT_PART, decodeToViewer, encodeToHome, type LaneHead, type ToViewer, WINDOW_BYTES } from '#protocol/p2p.ts'

/** What a lane needs of an RTCDataChannel. */
export type LaneChannel = Pick<RTCDataChannel, 'send' | 'close' | 'readyState' | 'addEventListener'> & {
  binaryType: BinaryType
}

/** Thrown when the connection broke off, as a `fetch` throws whose network did. */
export class LaneBroke extends Error {
  override readonly name = 'LaneBroke'
}

type UnderWay = {
  onHead: (head: LaneHead) => void
  onBody: (bytes: Uint8Array<ArrayBuffer>) => void
  onEnd: () => void
  onFailed: (error: Error) => void
}

export class Lane {
  #channel: LaneChannel
  #underWay = new Map<number, UnderWay>()
  #nextId = 0

  constructor(channel: LaneChannel) {
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.addEventListener('message', ({ data }) => this.#hear(data))
    channel.addEventListener('close', () => this.#breakOff(new LaneBroke('The connection to home was closed.')))
  }

  /** Requests whose answers have not come to their ends. */
  get load(): number {
    return this.#underWay.size
  }

  get isOpen(): boolean {
    return this.#channel.readyState === 'open'
  }

  /** Called once, when home or the network has ended it. */
  onClosed(tell: () => void): void {
    this.#channel.addEventListener('close', tell, { once: true })
  }

  /** Rejects with LaneBroke, with home's AppError when it could not answer at all, or with the signal's reason. */
  fetch(path: string, { method, headers, signal }: RequestInit = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (!this.isOpen) return reject(new LaneBroke('The connection to home is not open.'))
      const id = this.#nextId++
      const isHead = method === 'HEAD'
      const settle = () => {
        this.#underWay.delete(id)
        signal?.removeEventListener('abort', onAbort)
      }
      const body = new LaneBody({
        onTaken: (bytes) => this.#underWay.has(id) && this.#say({ type: 'credit', id, bytes }),
        onCancel: () => {
          if (!this.#underWay.has(id)) return
          settle()
          this.#say({ type: 'cancel', id })
        },
      })
      const fail = (error: unknown) => {
        settle()
        reject(error)
        body.fail(error)
      }
      const onAbort = () => {
        if (this.#underWay.has(id)) this.#say({ type: 'cancel', id })
        fail(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort)
      this.#underWay.set(id, {
        onHead: (head) => {
          try {
            const hasBody = !isHead && head.status !== 204 && head.status !== 304
            resolve(new Response(hasBody ? body.stream : null, { status: head.status, headers: head.headers }))
          } catch (cause) {
            fail(new LaneBroke('Home answered with what is no answer.', { cause }))
          }
        },
        onBody: (bytes) => body.push(bytes),
        onEnd: () => {
          settle()
          body.end()
        },
        onFailed: fail,
      })
      const request = {
        method: isHead ? ('HEAD' as const) : ('GET' as const),
        path,
        headers: Object.fromEntries(new Headers(headers)),
        windowBytes: WINDOW_BYTES,
      }
      this.#say({ type: 'request', id, request })
    })
  }

  close(): void {
    this.#channel.close()
    this.#breakOff(new LaneBroke('The connection to home was closed.'))
  }

  #say(message: Parameters<typeof encodeToHome>[0]): void {
    try {
      this.#channel.send(encodeToHome(message))
    } catch (cause) {
      this.#breakOff(new LaneBroke('The connection to home takes no more.', { cause }))
    }
  }

  #hear(data: unknown): void {
    let message: ToViewer
    try {
      if (!(data instanceof ArrayBuffer)) throw new AppError('invalid', 'This is no message of a lane.')
      message = decodeToViewer(new Uint8Array(data))
    } catch (cause) {
      this.#channel.close()
      this.#breakOff(new LaneBroke('Home said what nobody understands.', { cause }))
      return
    }
    // Of a request that was cancelled something may still come.
    const request = this.#underWay.get(message.id)
    if (message.type === 'head') request?.onHead(message.head)
    else if (message.type === 'body') request?.onBody(message.bytes)
    else if (message.type === 'end') request?.onEnd()
    else request?.onFailed(failureOf(message))
  }

  #breakOff(error: LaneBroke): void {
    for (const { onFailed } of [...this.#underWay.values()]) onFailed(error)
  }
}

/** What home could not even answer: a refusal of its own, else a break like any other. */
function failureOf({ error }: Extract<ToViewer, { type: 'failed' }>): Error {
  return statusOf(error.code) >= 500
    ? new LaneBroke(error.message, { cause: error.code })
    : new AppError(error.code, error.message)
}

/** Holds what has come and was not read yet: never more than the window, because credit is given for what was read. */
class LaneBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  #waiting: Uint8Array<ArrayBuffer>[] = []
  #isOver = false
  #owedBytes = 0
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  #wake: (() => void) | undefined
  #onTaken: (bytes: number) => void

  constructor({ onTaken, onCancel }: { onTaken: (bytes: number) => void; onCancel: () => void }) {
    this.#onTaken = onTaken
    this.stream = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#give(),
        cancel: () => {
          this.#isOver = true
          this.#waiting = []
          onCancel()
        },
      },
      { highWaterMark: 0 },
    )
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isOver) return
    this.#waiting.push(bytes)
    this.#wake?.()
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#waiting.length === 0) this.#controller?.close()
    this.#wake?.()
  }

  /** What had come before is still read by whoever asks for it next; then it fails. */
  fail(error: unknown): void {
    if (this.#isOver && this.#waiting.length === 0) return
    this.#isOver = true
    this.#waiting = []
    this.#controller?.error(error)
    this.#wake?.()
  }

  async #give(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#isOver)
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    this.#wake = undefined
    const bytes = this.#waiting.shift()
    if (!bytes) return
    this.#controller?.enqueue(bytes)
    this.#owedBytes += bytes.length
    if (!this.#isOver && this.#owedBytes >= WINDOW_BYTES * CREDIT_PART) {
      this.#onTaken(this.#owedBytes)
      this.#owedBytes = 0
    }
    if (this.#isOver && this.#waiting.length === 0) this.#controller?.close()
  }
}
