/** A home with the film of colours, as Matroska and as a transport stream, both whole at home; and a browser. */
import type { Browser } from 'playwright-core'
import { bringHome } from '../bring-home.ts'
import { launchBrowser } from '../browser.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { shareFilms } from '../share-films.ts'
import { filmOfColours } from './film-of-colours.ts'

export const colourFilms = { mkv: 'Colours in a file', ts: 'Colours in a stream' } as const

export type HomeOfColours = { home: FilmHome; browser: Browser; stop: () => Promise<void> }

export async function startHomeOfColours(): Promise<HomeOfColours> {
  const home = await startFilmHome(
    await shareFilms([
      { name: colourFilms.mkv, path: await filmOfColours('mkv') },
      { name: colourFilms.ts, path: await filmOfColours('ts') },
    ]),
  )
  for (const name of Object.values(colourFilms)) await bringHome(home, name)
  const browser = await launchBrowser()
  const stop = async () => {
    await browser.close()
    await home.stop()
  }
  return { home, browser, stop }
}
