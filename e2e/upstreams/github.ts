/** GitHub's OAuth and the two routes of its API that sign-in reads, below one origin (the API as on a GitHub Enterprise: /api/v3). */
import { createHash } from 'node:crypto'
import { type Answer, type Asked, json, newSecret, redirect, type StandIn, startStandIn } from './stand-in.ts'

export const GITHUB_CLIENT = { id: 'Iv1.8a61f9b3a7aba766', secret: 'github-client-secret' }

type GithubPerson = {
  login: string
  id: number
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean; visibility: string | null }[]
}

const octocat: GithubPerson = {
  login: 'octocat',
  id: 583231,
  name: 'The Octocat',
  emails: [
    { email: 'octocat@example.org', primary: true, verified: true, visibility: 'private' },
    { email: '583231+octocat@users.noreply.github.com', primary: false, verified: true, visibility: null },
  ],
}

/**
 * Whoever opens `authorize` with `&login=<name>` agrees at once as that person; `&login=denier` refuses. People are
 * added by `POST /stand-in/people`. Since April 2026 GitHub sends `iss` (RFC 9207), and so does this.
 */
export function startGithub(): Promise<StandIn> {
  const people = new Map([[octocat.login, octocat]])
  const codes = new Map<string, { login: string; challenge: string | null; redirectUri: string }>()
  const tokens = new Map<string, string>()

  function authorize({ query }: Asked, origin: string): Answer {
    if (query.get('client_id') !== GITHUB_CLIENT.id) return { status: 404, text: 'Not Found' }
    const back = new URL(query.get('redirect_uri') ?? '')
    back.searchParams.set('state', query.get('state') ?? '')
    back.searchParams.set('iss', `${origin}/login/oauth`)
    const login = query.get('login') ?? 'octocat'
    if (login === 'denier') {
      back.searchParams.set('error', 'access_denied')
      back.searchParams.set('error_description', 'The user has denied your application access.')
      return redirect(back)
    }
    const code = newSecret(10)
    codes.set(code, { login, challenge: query.get('code_challenge'), redirectUri: query.get('redirect_uri') ?? '' })
    back.searchParams.set('code', code)
    return redirect(back)
  }

  /** GitHub answers 200 to a refused code, with the error in the body. */
  function token({ body }: Asked): Answer {
    const refuse = (error: string, error_description: string) =>
      json(200, { error, error_description, error_uri: 'https://docs.github.com/apps/troubleshooting-oauth-errors' })
    if (body.client_id !== GITHUB_CLIENT.id || body.client_secret !== GITHUB_CLIENT.secret) {
      return refuse('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.')
    }
    const grant = codes.get(String(body.code))
    codes.delete(String(body.code))
    const proof = createHash('sha256').update(String(body.code_verifier)).digest('base64url')
    if (!grant || (grant.challenge !== null && grant.challenge !== proof)) {
      return refuse('bad_verification_code', 'The code passed is incorrect or expired.')
    }
    if (grant.redirectUri !== body.redirect_uri) {
      return refuse('redirect_uri_mismatch', 'The redirect_uri is not associated with this application.')
    }
    const access_token = `gho_${newSecret(18)}`
    tokens.set(access_token, grant.login)
    return json(200, { access_token, token_type: 'bearer', scope: 'read:user,user:email' })
  }

  return startStandIn((asked, origin) => {
    if (asked.path === '/stand-in/people') {
      const person = asked.body as GithubPerson
      people.set(person.login, person)
      return { status: 204 }
    }
    if (asked.path === '/login/oauth/authorize') return authorize(asked, origin)
    if (asked.path === '/login/oauth/access_token') return token(asked)
    if (asked.headers['user-agent'] === undefined) {
      return {
        status: 403,
        text: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      }
    }
    const bearer = /^bearer (.+)$/i.exec(asked.headers.authorization ?? '')?.[1] ?? ''
    const person = people.get(tokens.get(bearer) ?? '')
    if (!person) {
      return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' })
    }
    if (asked.path === '/api/v3/user') return json(200, userOf(person))
    if (asked.path === '/api/v3/user/emails') return json(200, person.emails)
    return json(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' })
  })
}

/** As `GET /user` answers with the scope read:user; the public `email` is what the person shows, verified or not. */
const userOf = ({ login, id, name }: GithubPerson) => ({
  login,
  id,
  node_id: 'MDQ6VXNlcjU4MzIzMQ==',
  avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
  gravatar_id: '',
  url: `https://api.github.com/users/${login}`,
  html_url: `https://github.com/${login}`,
  type: 'User',
  user_view_type: 'private',
  site_admin: false,
  name,
  company: null,
  blog: '',
  location: null,
  email: null,
  hireable: null,
  bio: null,
  twitter_username: null,
  public_repos: 8,
  public_gists: 8,
  followers: 1,
  following: 0,
  created_at: '2011-01-25T18:44:36Z',
  updated_at: '2026-09-02T11:25:00Z',
  two_factor_authentication: true,
})
