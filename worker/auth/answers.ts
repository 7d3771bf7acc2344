/** What the identity routes take and answer: the parts that several of them share. */
import * as z from 'zod'

export const Role = z.enum(['admin', 'user'])
export type Role = z.infer<typeof Role>

/** `email` is empty for somebody who signs in without one. */
export const Person = z.object({ id: z.string(), email: z.string(), displayName: z.string(), role: Role })
export type Person = z.infer<typeof Person>

/**
 * `expiresAt`: when the access token stops, epoch seconds. The refresh token is in the cookie and nowhere else.
 * `restriction`: the one thing this session may do until it is done; everything else is refused with that code.
 */
export const SignedIn = z.object({
  sessionId: z.string(),
  accessToken: z.string(),
  expiresAt: z.int(),
  person: Person,
  restriction: z.enum(['second_factor_needed', 'password_change_needed']).nullable(),
})
export type SignedIn = z.infer<typeof SignedIn>

/** 202: the first factor was right. The ticket is in a cookie; `POST /api/auth/second-factor` goes on. */
export const SecondFactorNeeded = z.object({
  secondFactor: z.object({
    methods: z.array(z.enum(['passkey', 'totp', 'recovery_code'])),
    expiresAt: z.int(),
  }),
})
export type SecondFactorNeeded = z.infer<typeof SecondFactorNeeded>

/** Lower case and NFC, so that one person has one address however it was typed. */
export const Email = z.string().trim().max(254).toLowerCase().normalize('NFC').pipe(z.email())

export const DisplayName = z.string().trim().min(1).max(60)

/** Its rules are in password-policy.ts; here only what would cost us: the length. */
export const Password = z.string().min(1).max(1024)

/** 32 random bytes as base64url: links, invites. */
export const LinkSecret = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const SetupRequest = z.strictObject({
  secret: z.string().min(1).max(256),
  email: Email,
  displayName: DisplayName,
  password: Password,
})
export type SetupRequest = z.infer<typeof SetupRequest>

export const SignInRequest = z.strictObject({ email: z.string().trim().max(254).toLowerCase(), password: Password })
export type SignInRequest = z.infer<typeof SignInRequest>

const Id = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

/** A session id: public, chooses the cookie; the cookie holds the secret. */
export const SessionParam = z.object({ session: Id })
export const IdParam = z.object({ id: Id })
