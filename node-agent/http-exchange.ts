/** A request and its answer as every transport carries them: direct HTTP, the relay, and what comes later. */

export type HttpRequest = {
  method: string
  /** Without a query. It may hold a stream token: never log it. */
  path: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  /** Aborted when whoever asked has gone. */
  signal: AbortSignal
  /** The one stream that the transport it came by was made for; undefined where it is for any. */
  streamId?: string
}

export type HttpResponse = {
  status: number
  /** Names in lower case. `content-length` is there whenever the body's length is known. */
  headers: Record<string, string>
  /**
   * Taken at the client's pace. Bytes are good only until the next are asked for, because their memory is used again:
   * a transport asks when the last ones have left this process.
   */
  body?: AsyncIterable<Uint8Array>
  /** When it aborts, the transport ends the response at once, also one whose client reads nothing. */
  cut?: AbortSignal
}

export type HttpHandle = (request: HttpRequest) => Promise<HttpResponse>
