/** The browser itself reads what it is given: the file as it is, or (Safari) the playlist. */

import { awaitBeginning } from './await-beginning.ts'
import { audioTracksIn } from './master-tracks.ts'
import type { Source } from './source.ts'

/** Safari lets one of several sounds of a playlist be chosen (HTML §4.8.11.10); others do not have the list. */
type WithAudioTracks = HTMLVideoElement & {
  audioTracks?: { length: number; [index: number]: { enabled: boolean } | undefined }
}

/** `resource` is what to play beneath the stream's URL; undefined for the file itself. */
export function elementSource(video: WithAudioTracks, streamUrl: string, resource: string | undefined): Source {
  const url = resource === undefined ? streamUrl : `${streamUrl}/${resource}`
  return {
    streamUrl,
    load: (atSeconds, signal) =>
      awaitBeginning(
        video,
        () => {
          video.src = url
          // Before metadata this is the default playback start position (HTML §4.8.11.6): no bytes from the start are fetched.
          if (atSeconds > 0) video.currentTime = atSeconds
          video.load()
          if (atSeconds > 0) video.currentTime = atSeconds
        },
        { signal },
      ),
    goOn: () => !video.error && video.readyState > 0 && video.currentSrc === url,
    mend: () => false,
    setAudio: (trackId) => {
      const index = audioTracksIn(resource).indexOf(trackId)
      const { audioTracks } = video
      if (index < 0 || !audioTracks || audioTracks.length <= index) return false
      for (let i = 0; i < audioTracks.length; i++) {
        const track = audioTracks[i]
        if (track) track.enabled = i === index
      }
      return true
    },
    setHeight: () => false,
    bitsPerSecond: () => undefined,
    // The next source takes the element over; dropping the last one is the viewing's part.
    close: () => undefined,
  }
}
