/** What is said of a source for each reason that it stands where it stands, for people who know nothing of codecs. */
import type { SourceReason } from '../api.ts'

export const sourceWords: Record<SourceReason, string> = {
  asked_for: 'you chose it',
  at_home: 'already at home',
  refused_by_rule: 'not wanted in this household',
  doubtful: 'may not be what it says',
  cannot_be_played: 'cannot be played here',
  three_d: 'two pictures, for 3D glasses',
  no_seeders: 'nobody shares it now',
  bad_recording: 'a poor recording',
  plays_as_it_is: 'plays here as it is',
  only_repacked: 'plays here without loss',
  sound_is_made: 'its sound is converted for this device',
  picture_is_made: 'its picture must be converted for this device',
  too_much_for_the_line: 'more than this line carries',
  hdr_not_shown: 'in colours that this screen does not show',
  more_than_is_shown: 'sharper than this screen',
  lines_2160: '4K',
  lines_1080: 'Full HD',
  lines_720: 'HD',
  lines_480: 'standard picture',
  many_seeders: 'many share it',
  some_seeders: 'some share it',
  few_seeders: 'few share it',
  more_seeders_than_before: 'shared by more and more',
  fewer_seeders_than_before: 'shared by fewer and fewer',
  published_lately: 'new',
  in_your_language: 'in your language',
  in_another_language: 'in another language',
  hard_subtitles: 'with subtitles in the picture',
  preferred_by_rule: 'preferred in this household',
  avoided_by_rule: 'avoided in this household',
  offered_by_an_agent: 'offered by your home',
  has_torrent_file: 'starts at once',
  has_magnet: 'takes a moment to find',
  hash_alone: 'takes a while to find',
}

const places: Readonly<Record<string, string>> = {
  'open-films': 'open films',
  'internet-archive': 'Internet Archive',
  demo: 'catalog file',
  folders: 'your own folder',
  operator: 'added by hand',
  rss: 'a feed',
  torznab: 'your index',
  yts: 'YTS',
  therarbg: 'TheRARBG',
}

/** Who told of it; a newer box may know places that have no name here yet. */
export const placeOf = (provider: string): string => places[provider] ?? provider
