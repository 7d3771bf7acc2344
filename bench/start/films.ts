/** The film that is started and sought: Big Buck Bunny's half minute over and over, as a real 1080p film of three minutes. */
import { bigBuckBunnyFile } from '../../node-agent/testing/big-buck-bunny.ts'
import { makeFilm } from '../../node-agent/testing/make-film.ts'

const loop = (file: string) => ['-stream_loop', '6', '-i', file, '-map', '0']

/** H.264 and AAC in MP4: any browser plays it as it is. */
export const mp4Film = (): Promise<string> =>
  makeFilm('three-minutes.mp4', [...loop(bigBuckBunnyFile), '-c', 'copy', '-movflags', '+faststart'])

/** The same in Matroska. */
export const matroskaFilm = (): Promise<string> =>
  makeFilm('three-minutes.mkv', [...loop(bigBuckBunnyFile), '-c', 'copy'])

/** With AC-3 5.1. */
export const ac3Film = (): Promise<string> =>
  makeFilm('three-minutes-ac3.mkv', [...loop(bigBuckBunnyFile), '-c:v', 'copy', '-c:a', 'ac3', '-b:a', '448k'])

/** HEVC, which Chromium does not decode. */
export async function hevcFilm(): Promise<string> {
  const video = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'keyint=96:log-level=error']
  const half = await makeFilm('hevc.mkv', ['-i', bigBuckBunnyFile, ...video, '-c:a', 'copy'])
  return makeFilm('three-minutes-hevc.mkv', [...loop(half), '-c', 'copy'])
}

/** Cut every two seconds at most, as films for television are, and as x264 makes them by itself where scenes are short. */
async function shortGroups(heightPixels: 1080 | 720): Promise<string> {
  const video = ['-vf', `scale=-2:${heightPixels}`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-g', '48']
  return makeFilm(`short-groups-${heightPixels}.mp4`, ['-i', bigBuckBunnyFile, ...video, '-c:a', 'copy'])
}

/** The film with short groups of pictures in Matroska. */
export const shortGroupsMatroska = async (heightPixels: 1080 | 720): Promise<string> =>
  makeFilm(`three-minutes-${heightPixels}.mkv`, [...loop(await shortGroups(heightPixels)), '-c', 'copy'])

/** And in MP4. */
export const shortGroupsMp4 = async (heightPixels: 1080 | 720): Promise<string> =>
  makeFilm(`three-minutes-${heightPixels}.mp4`, [
    ...loop(await shortGroups(heightPixels)),
    ...['-c', 'copy', '-movflags', '+faststart'],
  ])
