/** What the letters say. Pure. The secret stands in the fragment, which no server ever sees. */
import type { Letter } from './mailer.ts'

type Words = { to: string; displayName: string; origin: string; secret: string }

const foot = 'If this was not you, you can ignore this letter: nothing changes until the link is used.'

export const verifyLetter = ({ to, displayName, origin, secret }: Words): Letter => ({
  to,
  subject: 'Is this your address?',
  text: `Hello ${displayName},\n\nopen this link to confirm your address for Porchlight. It is good for one day.\n\n${origin}/verify-email#${secret}\n\n${foot}`,
})

/** Told once, not each time: what waits goes on by itself. */
export const vpnLetter = ({
  to,
  displayName,
  agentName,
  origin,
}: Omit<Words, 'secret'> & { agentName: string }): Letter => ({
  to,
  subject: 'Downloads at home wait for the VPN',
  text: `Hello ${displayName},\n\nthe VPN of “${agentName}” is away, so nothing is downloaded there. It goes on by itself when the VPN is back; films that are whole at home play all the same. Why, and since when:\n\n${origin}/home`,
})

export const resetLetter = ({ to, displayName, origin, secret }: Words): Letter => ({
  to,
  subject: 'A new password for Porchlight',
  text: `Hello ${displayName},\n\nopen this link to choose a new password. It is good once, for half an hour, and signs you out everywhere.\n\n${origin}/reset-password#${secret}\n\n${foot}`,
})
