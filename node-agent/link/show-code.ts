/** What a person reads in the terminal to pair this agent. Pure. */
import { renderUnicodeCompact } from 'uqr'
import type { PairingAnswer } from '#protocol/pairing.ts'

/** Several lines: the code, where to type it, and the same as a QR code. `fingerprint` is what to compare. */
export function pairingText(
  { userCode, verifyUrl, expiresInSeconds }: PairingAnswer,
  name: string,
  fingerprint: string,
): string {
  return [
    '',
    `  "${name}" is not paired with your Porchlight yet.`,
    '',
    `  Open  ${verifyUrl}`,
    `  as an administrator and confirm the code  ${userCode}`,
    `  (this agent's fingerprint is ${fingerprint})`,
    '',
    ...renderUnicodeCompact(verifyUrl)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    `  The code is good for ${Math.round(expiresInSeconds / 60)} minutes; then a new one appears here.`,
    '',
  ].join('\n')
}
