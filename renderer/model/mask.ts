/** What the host writes in place of something it hid. */
export const MASK = '•••';
