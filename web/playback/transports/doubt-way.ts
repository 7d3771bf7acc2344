/** Finds out about a way that is in doubt: it is asked for one byte, and when that does not come at once, other ways beside it. */
import { AppError } from '#protocol/errors.ts'
import type { Transport } from '#protocol/stream-url.ts'

const WITHIN_MS = 2000
/** Longer than a byte takes on a line that is well; whoever holds ten seconds of film can wait for as long. */
const AT_ONCE_MS = 700

/** `moved`: what it says counts for nothing any more. */
export type Said = 'answers' | 'silent' | 'moved' | AppError

type World = {
  /** Asks the way in doubt for one byte. */
  ask: (signal: AbortSignal, withinMs: number) => Promise<Said>
  /** Whether anything has come by it since: it is slow then, and not dead. */
  hears: () => boolean
  /** Has the next who asks by it make another connection, where there are connections. */
  setAside: () => { keep: () => void; drop: () => void } | undefined
  /** Finds a way among all, the same by another connection too. Throws a refusal, or that there is none. */
  findAnother: (signal: AbortSignal) => Promise<Transport>
}

/**
 * The way that answered first, where that was not the one in doubt; `silent` when none did, undefined when all is well.
 * Throws a refusal when that was all there was.
 */
export async function doubtWay(world: World): Promise<Transport | 'silent' | undefined> {
  const over = new AbortController()
  const asked = world.ask(over.signal, WITHIN_MS)
  try {
    const soon = await Promise.race([asked, pause(AT_ONCE_MS)])
    if (soon !== undefined || world.hears()) return isWell(await asked) ? undefined : 'silent'
    const itself = asked.then((said) => (isWell(said) ? undefined : Promise.reject(new Error('silent'))))
    return await besides(world, itself, over.signal)
  } finally {
    over.abort()
  }
}

async function besides(world: World, itself: Promise<undefined>, signal: AbortSignal) {
  const before = world.setAside()
  let found: Transport | 'silent' | undefined = 'silent'
  try {
    found = await Promise.any([itself, world.findAnother(signal)]).catch(noneOf)
    return found
  } finally {
    if (found === undefined) before?.keep()
    else before?.drop()
  }
}

function noneOf({ errors }: AggregateError): 'silent' {
  const refusal = errors.find((one) => one instanceof AppError)
  if (refusal) throw refusal
  return 'silent'
}

/** Throws its refusal. */
function isWell(said: Said): boolean {
  if (said instanceof AppError) throw said
  return said !== 'silent'
}

const pause = (milliseconds: number) =>
  new Promise<undefined>((done) => setTimeout(() => done(undefined), milliseconds))
