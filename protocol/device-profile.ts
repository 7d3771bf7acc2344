/** What a browser said it can play, asked of it once and sent with Play. */
import * as z from 'zod'

/** How one codec at one size decodes, from `mediaCapabilities.decodingInfo` (W3C Media Capabilities). */
export const DecodingInfo = z.object({
  codec: z.string().max(64),
  heightPixels: z.int().positive().max(10_000),
  isSmooth: z.boolean(),
  isPowerEfficient: z.boolean(),
})
export type DecodingInfo = z.infer<typeof DecodingInfo>

export const DeviceProfile = z.object({
  /** RFC 6381 codec strings that `canPlayType` accepts in a file that is played as it is. */
  codecs: z.array(z.string().max(64)).max(64),
  /** MIME types of whole files it opens by itself, e.g. `video/mp4`. */
  containers: z.array(z.string().max(64)).max(16),
  /** RFC 6381 codec strings that it decodes out of fMP4 segments. Undefined: an older web app that plays files only. */
  segmentCodecs: z.array(z.string().max(64)).max(64).optional(),
  /** `mse`: hls.js feeds Media Source Extensions. `native`: the browser reads the playlist itself. */
  hls: z.enum(['mse', 'native', 'none']).optional(),
  decoding: z.array(DecodingInfo).max(64).optional(),
  /** The screen shows high dynamic range. */
  hdr: z.boolean().optional(),
  /** Speakers, as the browser counts them. */
  audioChannels: z.int().positive().max(64).optional(),
  /** Chromium fails for good on a seek to a frame that is no IDR (crbug 40625346); Firefox and Safari do not. */
  needsClosedGop: z.boolean().optional(),
  /** The person asked the browser to save data. */
  savesData: z.boolean().optional(),
  /** Measured by earlier films; undefined until then. */
  lineBytesPerSecond: z.number().positive().optional(),
  screenHeightPixels: z.int().positive().max(20_000).optional(),
})
export type DeviceProfile = z.infer<typeof DeviceProfile>
