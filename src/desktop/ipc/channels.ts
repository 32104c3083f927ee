/** Preload to main, with one MessagePort: bind the contract to it. */
export const CONNECT_CHANNEL = 'throughline:connect';

/** Preload to page, as a window message with the other end of that port. */
export const PORT_MESSAGE = 'throughline:port';
