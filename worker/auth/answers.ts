/** What the identity routes take and answer. */
import * as z from 'zod'

export const Role = z.enum(['admin', 'user'])
export type Role = z.infer<typeof Role>

export const Person = z.object({ id: z.string(), email: z.string(), displayName: z.string(), role: Role })
export type Person = z.infer<typeof Person>

/** `expiresAt`: when the access token stops, epoch seconds. The refresh token is in the cookie and nowhere else. */
export const SignedIn = z.object({ sessionId: z.string(), accessToken: z.string(), expiresAt: z.int(), person: Person })
export type SignedIn = z.infer<typeof SignedIn>

/** Lower case and NFC, so that one person has one address however it was typed. */
export const Email = z.string().trim().max(254).toLowerCase().normalize('NFC').pipe(z.email())

/** Its rules are in password-policy.ts; here only what would cost us: the length. */
const Password = z.string().min(1).max(1024)

export const SetupRequest = z.strictObject({
  secret: z.string().min(1).max(256),
  email: Email,
  displayName: z.string().trim().min(1).max(60),
  password: Password,
})
export type SetupRequest = z.infer<typeof SetupRequest>

export const SignInRequest = z.strictObject({ email: z.string().trim().max(254).toLowerCase(), password: Password })
export type SignInRequest = z.infer<typeof SignInRequest>

/** A session id: public, chooses the cookie; the cookie holds the secret. */
export const SessionParam = z.object({ session: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })
