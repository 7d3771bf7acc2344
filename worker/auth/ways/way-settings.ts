/** What the operator sets for each way in that leads elsewhere; one without its settings is not offered. */

export type WaySettings = {
  GITHUB_CLIENT_ID?: string
  GITHUB_CLIENT_SECRET?: string
  /** For a GitHub Enterprise: `https://git.example.org`, and its API, `https://git.example.org/api/v3`. */
  GITHUB_URL?: string
  GITHUB_API_URL?: string
  GOOGLE_CLIENT_ID?: string
  GOOGLE_CLIENT_SECRET?: string
  GOOGLE_ISSUER?: string
  /** JSON array of `{ id, label, issuer, clientId, clientSecret }` (oidc.ts). */
  OIDC_PROVIDERS?: string
  /** Any fixed text of one's own: what plex.tv knows this Porchlight by. */
  PLEX_CLIENT_ID?: string
  /** The machine identifier of the owner's server: whoever may use that server may come in without an invite. */
  PLEX_SERVER_ID?: string
  PLEX_URL?: string
  TRAKT_CLIENT_ID?: string
  TRAKT_CLIENT_SECRET?: string
  TRAKT_URL?: string
  /** Ids of ways whose word for an e-mail address links it to the account that has it, with commas between. */
  TRUSTED_EMAIL_WAYS?: string
  /** "on" in development: providers may be on this machine, without https. */
  LOCAL_UPSTREAMS?: string
}

export const isEmailTrusted = ({ TRUSTED_EMAIL_WAYS }: WaySettings, wayId: string): boolean =>
  (TRUSTED_EMAIL_WAYS ?? '').split(',').some((id) => id.trim() === wayId)
