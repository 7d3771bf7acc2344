/** Letters to people: one interface, and the mailer that the operator chose. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import type { Bindings } from '../../env.ts'
import { log } from '../../log.ts'

export type Letter = { to: string; subject: string; text: string }

/** Sends, or throws. */
export type Mailer = { send: (letter: Letter) => Promise<void> }

/** `console`: for development alone, because the letter, with the link in it, is printed in clear. */
const consoleMailer: Mailer = {
  send: async ({ to, subject, text }) => console.log(`\n  A letter to ${to}: ${subject}\n\n${text}\n`),
}

/**
 * An HTTP relay that takes `{ from, to, subject, text }` and a bearer key, as Resend does (others by a small proxy):
 * a Worker opens no SMTP connections.
 */
const httpMailer = ({ url, key, from }: { url: string; key: string; from: string }): Mailer => ({
  send: async (letter) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ from, ...letter, to: [letter.to] }),
      // Not followed: a 3xx is no success below, and the key goes to the configured address alone.
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the mail relay answered ${response.status}`)
  },
})

/** Undefined where nobody configured one: letters are then not sent, and what needs one says so. */
export function mailerOf(env: Bindings): Mailer | undefined {
  if (env.MAILER === 'console') return consoleMailer
  const { MAIL_API_URL: url, MAIL_API_KEY: key, MAIL_FROM: from } = env
  return env.MAILER === 'http' && url && key && from ? httpMailer({ url, key, from }) : undefined
}

/** Where letters go: to their readers, into this machine's own log (for development), or nowhere. */
export const LettersGo = z.enum(['out', 'to_the_log', 'nowhere'])

export function lettersGo(env: Bindings): z.infer<typeof LettersGo> {
  const mailer = mailerOf(env)
  if (mailer === consoleMailer) return 'to_the_log'
  return mailer ? 'out' : 'nowhere'
}

/** Goes on after the answer has left, so that its time does not tell whether there was anybody to write to. */
export function sendLater(edge: Pick<Edge, 'env' | 'later' | 'correlationId'>, letter: Letter): void {
  const mailer = mailerOf(edge.env)
  if (!mailer) return
  edge.later(
    mailer
      .send(letter)
      .catch((error: unknown) => log('error', 'mail_not_sent', { correlationId: edge.correlationId, error })),
  )
}

/** Throws `not_configured`. */
export function needMailer(env: Bindings): void {
  if (mailerOf(env)) return
  throw new AppError('not_configured', 'This Porchlight sends no mail yet. Whoever runs it can switch that on.')
}
