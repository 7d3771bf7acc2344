/** The ways in that lead elsewhere, in a real browser against stand-ins that it really walks to. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { freePort } from '../start/ports.ts'
import { launchBrowser, openContext } from './browser.ts'
import { type EdgeClient, person, setUp } from './edge-client.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { shoot } from './shoot.ts'
import { GITHUB_CLIENT, startGithub } from './upstreams/github.ts'
import { OIDC_CLIENT, startOidc } from './upstreams/oidc.ts'
import { PLEX_SERVER_ID, startPlex } from './upstreams/plex.ts'
import type { StandIn } from './upstreams/stand-in.ts'
import { startTrakt, TRAKT_CLIENT } from './upstreams/trakt.ts'

type Upstreams = Record<'github' | 'google' | 'lodge' | 'plex' | 'trakt', StandIn>

let home: TestHome
let up: Upstreams
let browser: Browser
let context: BrowserContext
let page: Page
let ada: EdgeClient

beforeAll(async () => {
  const port = await freePort()
  const back = (way: string) => [`http://localhost:${port}/api/auth/oauth/callback/${way}`]
  const [github, google, lodge, plex, trakt] = await Promise.all([
    startGithub(),
    startOidc(back('google')),
    startOidc(back('lodge')),
    startPlex(),
    startTrakt(),
  ])
  up = { github, google, lodge, plex, trakt }
  home = await startTestHome({ demo: false, port, edgeSettings: settingsFor(up) })
  ada = await setUp(home.origin, home.setupUrl)
  browser = await launchBrowser()
  context = await openContext(browser, 'phone')
  page = await newPage(context)
})

afterAll(async () => {
  await browser?.close()
  await home?.stop()
  for (const standIn of Object.values(up ?? {})) await standIn.close()
})

describe('an account elsewhere, connected to one that is here', () => {
  it('opens it by any OpenID provider', async () => {
    await page.goto(`${home.origin}/sign-in`)
    await page.getByRole('button', { name: 'Go on with The lodge' }).waitFor()
    await shoot(page, 'sign-in-ways')
    await page.getByLabel('Email').fill(person.email)
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByTestId('home-lamp').waitFor()
    await openLocks(page)
    await page.getByRole('button', { name: 'Connect The lodge' }).click()
    await sayWhoAtProvider(page, { sub: 'lodge-ada', name: 'Ada at the lodge' })
    await page.getByText('The lodge is connected. You can sign in with it now.').waitFor()
    expect(page.url()).toBe(`${home.origin}/account/security`)
    await shoot(page, 'linked')
    await signOut(page)
    await page.getByRole('button', { name: 'Go on with The lodge' }).click()
    await page.getByRole('button', { name: 'Account of Ada' }).waitFor()
    expect(page.url()).not.toContain('#')
  })

  it('opens it by Google', async () => {
    await openLocks(page)
    await page.getByRole('button', { name: 'Connect Google' }).click()
    await sayWhoAtProvider(page, { sub: 'google-ada', email: 'ada@gmail.com', email_verified: true, name: 'Ada G' })
    await page.getByText('Google is connected.').waitFor()
    await signOut(page)
    await page.getByRole('button', { name: 'Go on with Google' }).click()
    await page.getByRole('button', { name: 'Account of Ada' }).waitFor()
  })

  it('opens it by a code typed in at Trakt', async () => {
    await openLocks(page)
    await page.getByRole('button', { name: 'Connect Trakt' }).click()
    const dialog = page.getByRole('dialog', { name: 'Connect Trakt' })
    await dialog.getByText('Waiting for you over there').waitFor()
    await shoot(page, 'connect-trakt')
    await approveAtTrakt(await shownCode(page))
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Disconnect Trakt' }).waitFor()
    await signOut(page)
    await page.getByRole('button', { name: 'Go on with Trakt' }).click()
    await page.getByText('Waiting for you over there').waitFor()
    await shoot(page, 'sign-in-trakt')
    await approveAtTrakt(await shownCode(page))
    await page.getByRole('button', { name: 'Account of Ada' }).waitFor()
  })

  it('opens it no more once it is disconnected', async () => {
    await openLocks(page)
    await page.getByRole('button', { name: 'Disconnect Google' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
    await page.getByRole('button', { name: 'Disconnect Google' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Disconnect The lodge' }).waitFor()
    await signOut(page)
    await page.getByRole('button', { name: 'Go on with Google' }).click()
    await page.getByText('You need an invite.').waitFor()
    await shoot(page, 'invite-needed')
  })
})

describe('somebody who has no account here', () => {
  it('comes in by GitHub with an invite and not without, and keeps their last way in', async () => {
    const theirs = await newPage(await openContext(browser, 'desktop'))
    await theirs.goto(`${home.origin}/sign-in`)
    await theirs.getByRole('button', { name: 'Go on with GitHub' }).click()
    await theirs.getByText('You need an invite.').waitFor()
    await theirs.goto(await newInvite())
    await theirs.getByRole('button', { name: 'Go on with GitHub' }).click()
    await theirs.getByRole('button', { name: 'Account of The Octocat' }).waitFor()
    await openLocks(theirs)
    await theirs.getByRole('button', { name: 'Disconnect GitHub' }).click()
    await theirs.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
    await theirs.getByText('That is the last way in.').waitFor()
    await shoot(theirs, 'last-way-in')
    await theirs.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
    await signOut(theirs)
    await theirs.getByRole('button', { name: 'Go on with GitHub' }).click()
    await theirs.getByRole('button', { name: 'Account of The Octocat' }).waitFor()

    // A screen that a phone let in has proved nothing, and its person has no password to prove it with.
    const television = await newPage(await openContext(browser, 'desktop'))
    await television.goto(`${home.origin}/television`)
    const code = (await television.getByTestId('tv-code').textContent()) ?? ''
    await theirs.goto(`${home.origin}/tv?code=${code}`)
    await theirs.getByRole('button', { name: 'Let it in' }).click()
    await television.getByTestId('home-lamp').waitFor()
    await television.goto(`${home.origin}/account/you`)
    await television.getByRole('button', { name: 'Save my data' }).click()
    await television.getByRole('button', { name: 'Confirm with GitHub' }).click()
    await television.getByText('Thank you, it is you.').waitFor()
    await shoot(television, 'stepped-up')
    const downloading = television.waitForEvent('download')
    await television.getByRole('button', { name: 'Save my data' }).click()
    await downloading
  })

  it('comes in by a Plex code when they may use the household’s server, and by an invite when not', async () => {
    const theirs = await newPage(await openContext(browser, 'phone'))
    await theirs.goto(`${home.origin}/sign-in`)
    await theirs.getByRole('button', { name: 'Go on with Plex' }).click()
    await theirs.getByText('Waiting for you over there').waitFor()
    await shoot(theirs, 'sign-in-plex')
    const code = await shownCode(theirs)
    expect(code).toMatch(/^[A-Z0-9]{4}$/)
    await typeInAtPlex(code, { id: 4711, username: 'Cleo', email: 'cleo@example.org', servers: [PLEX_SERVER_ID] })
    await theirs.getByRole('button', { name: 'Account of Cleo' }).waitFor()

    const stranger = await newPage(await openContext(browser, 'phone'))
    await stranger.goto(`${home.origin}/sign-in`)
    await stranger.getByRole('button', { name: 'Go on with Plex' }).click()
    await stranger.getByText('Waiting for you over there').waitFor()
    await typeInAtPlex(await shownCode(stranger), { id: 4712, username: 'Dan', email: 'dan@example.org', servers: [] })
    await stranger.getByText('You need an invite.').waitFor()
    await shoot(stranger, 'plex-invite-needed')
  })
})

it('greys out a way that does not answer, and offers the next one', async () => {
  const theirs = await newPage(await openContext(browser, 'desktop'))
  await order(up.plex, 'faults', { path: '/api/v2/pins', times: 3, status: 503 })
  await theirs.goto(`${home.origin}/sign-in`)
  const plex = theirs.getByRole('button', { name: 'Go on with Plex' })
  for (let i = 0; i < 3; i++) {
    const refused = theirs.waitForResponse('**/api/auth/ways/plex/begin')
    await plex.click()
    expect((await refused).status()).toBe(503)
    await theirs.getByText('That way in does not answer right now.').waitFor()
  }
  await theirs.getByRole('button', { name: /Go on with Plex.*not answering/ }).waitFor()
  expect(await plex.isDisabled()).toBe(true)
  await shoot(theirs, 'way-not-answering')
  await theirs.getByRole('button', { name: 'Go on with GitHub' }).click()
  await theirs.getByRole('button', { name: 'Account of The Octocat' }).waitFor()
})

function settingsFor({ github, google, lodge, plex, trakt }: Upstreams): Record<string, string> {
  const provider = { id: 'lodge', label: 'The lodge', issuer: lodge.origin, clientId: OIDC_CLIENT.id }
  return {
    LOCAL_UPSTREAMS: 'on',
    GITHUB_URL: github.origin,
    GITHUB_API_URL: `${github.origin}/api/v3`,
    GITHUB_CLIENT_ID: GITHUB_CLIENT.id,
    GITHUB_CLIENT_SECRET: GITHUB_CLIENT.secret,
    GOOGLE_ISSUER: google.origin,
    GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
    GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
    OIDC_PROVIDERS: JSON.stringify([{ ...provider, clientSecret: OIDC_CLIENT.secret }]),
    PLEX_URL: plex.origin,
    PLEX_CLIENT_ID: 'porchlight-under-test',
    PLEX_SERVER_ID,
    TRAKT_URL: trakt.origin,
    TRAKT_CLIENT_ID: TRAKT_CLIENT.id,
    TRAKT_CLIENT_SECRET: TRAKT_CLIENT.secret,
  }
}

async function sayWhoAtProvider(where: Page, somebody: object): Promise<void> {
  await where.getByLabel('Who are you?').fill(JSON.stringify(somebody))
  await where.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** What the person does on the provider's own page, in a browser that is none of ours. */
async function typeInAtPlex(code: string, somebody: object): Promise<void> {
  const { token } = z.object({ token: z.string() }).parse(await (await order(up.plex, 'people', somebody)).json())
  const response = await fetch(`${up.plex.origin}/api/v2/pins/link`, {
    method: 'PUT',
    headers: { 'x-plex-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  expect(response.status).toBe(204)
}

async function approveAtTrakt(code: string): Promise<void> {
  const response = await order(up.trakt, 'device', { user_code: code, state: 'approved', slug: 'ada' })
  expect(response.status).toBe(204)
}

const order = (standIn: StandIn, what: string, body: object): Promise<Response> =>
  fetch(`${standIn.origin}/stand-in/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const shownCode = async (where: Page): Promise<string> => (await where.getByTestId('way-code').textContent()) ?? ''

async function newInvite(): Promise<string> {
  const made = await ada.call('POST', '/api/invites', { role: 'user', expiresInSeconds: 86_400 })
  return z.object({ link: z.string() }).parse(await made.json()).link
}

async function newPage(where: BrowserContext): Promise<Page> {
  const made = await where.newPage()
  made.setDefaultTimeout(20_000)
  return made
}

async function openLocks(where: Page): Promise<void> {
  await where.goto(`${home.origin}/account/security`)
  await where.getByRole('heading', { name: 'Accounts elsewhere' }).waitFor()
}

async function signOut(where: Page): Promise<void> {
  await where.getByRole('button', { name: /^Account of/ }).click()
  await where.getByRole('button', { name: 'Sign out' }).click()
  await where.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
}
