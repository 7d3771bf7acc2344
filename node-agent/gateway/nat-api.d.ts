/** The part of @silentbot1/nat-api that is used: its UPnP client. */
declare module '@silentbot1/nat-api/lib/upnp/index.js' {
  import type Device from '@silentbot1/nat-api/lib/upnp/device.js'

  type Mapping = { public: number; private: number; protocol?: string; description?: string; ttl?: number }
  export default class Client {
    constructor(options?: { permanentFallback?: boolean })
    portMapping(mapping: Mapping): Promise<unknown>
    portUnmapping(mapping: Mapping): Promise<unknown>
    externalIp(): Promise<string>
    findGateway(): Promise<{ gateway: Device; address: string }>
    destroy(): Promise<unknown>
  }
}
declare module '@silentbot1/nat-api/lib/upnp/device.js' {
  export default class Device {
    constructor(options: { url: string })
  }
}
