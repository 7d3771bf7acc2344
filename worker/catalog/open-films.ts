/** The built-in catalog: the Blender Foundation's open movies, as published with their free torrents. */

/** Trackers and web seeds that the torrents were published with; a film is found through any one of them. */
const trackers = [
  'udp://tracker.opentrackr.org:1337',
  'udp://explodie.org:6969',
  'udp://tracker.empire-js.us:1337',
  'wss://tracker.btorrent.xyz',
  'wss://tracker.openwebtorrent.com',
]
const published = 'https://webtorrent.io/torrents/'

export type OpenFilm = {
  id: string
  name: string
  year: number
  runtimeMinutes: number
  overview: string
  licence: string
  credit: string
  poster: string | null
  /** By our own judgement, where no board has rated a film: what a profile with a cap may watch. */
  minimumAgeYears: number
  /** The film at TMDB, which then is this title and no second one. */
  tmdbId: number
  infoHash: string
  /** Name of its .torrent where it was published; BEP 9 magnet and BEP 19 web seed are made from it. */
  torrentName: string
}

export const openFilms: readonly OpenFilm[] = [
  {
    id: 'big-buck-bunny-2008',
    name: 'Big Buck Bunny',
    year: 2008,
    runtimeMinutes: 10,
    overview:
      'A very large and very gentle rabbit has his morning spoiled by three small bullies, and answers them with a plan of some ingenuity.',
    licence: 'CC BY 3.0',
    credit: '© 2008 Blender Foundation, peach.blender.org',
    poster: '/posters/big-buck-bunny.jpg',
    minimumAgeYears: 6,
    tmdbId: 10378,
    infoHash: 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c',
    torrentName: 'big-buck-bunny',
  },
  {
    id: 'sintel-2010',
    name: 'Sintel',
    year: 2010,
    runtimeMinutes: 15,
    overview:
      'A young woman wanders through snow and desert in search of the baby dragon she once nursed, and finds what her search has cost.',
    licence: 'CC BY 3.0',
    credit: '© 2010 Blender Foundation, durian.blender.org',
    poster: null,
    minimumAgeYears: 12,
    tmdbId: 45745,
    infoHash: '08ada5a7a6183aae1e09d831df6748d566095a10',
    torrentName: 'sintel',
  },
  {
    id: 'tears-of-steel-2012',
    name: 'Tears of Steel',
    year: 2012,
    runtimeMinutes: 12,
    overview:
      'In an Amsterdam overrun by machines, a handful of fighters and scientists replay the moment a love ended, to mend it and the world.',
    licence: 'CC BY 3.0',
    credit: '© 2012 Blender Foundation, mango.blender.org',
    poster: null,
    minimumAgeYears: 12,
    tmdbId: 133701,
    infoHash: '209c8226b299b308beaf2b9cd3fb49212dbd13ec',
    torrentName: 'tears-of-steel',
  },
  {
    id: 'cosmos-laundromat-2015',
    name: 'Cosmos Laundromat',
    year: 2015,
    runtimeMinutes: 12,
    overview:
      'On a desolate island a weary sheep meets a strange salesman, who offers him more lives than he ever asked for.',
    licence: 'CC BY 4.0',
    credit: '© 2015 Blender Foundation, gooseberry.blender.org',
    poster: null,
    minimumAgeYears: 16,
    tmdbId: 358332,
    infoHash: 'c9e15763f722f23e98a29decdfae341b98d53056',
    torrentName: 'cosmos-laundromat',
  },
]

/** Hash, name, trackers, web seed and where the .torrent lies, in one link (BEP 9, BEP 19). */
export function magnetOf({ infoHash, name, torrentName }: OpenFilm): string {
  const parts = [
    ['dn', name],
    ...trackers.map((tracker) => ['tr', tracker]),
    ['ws', published],
    ['xs', `${published}${torrentName}.torrent`],
  ]
  const query = parts.map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`).join('&')
  return `magnet:?xt=urn:btih:${infoHash}&${query}`
}
