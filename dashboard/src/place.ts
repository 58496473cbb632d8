/** Where the dashboard is: below whatever path a proxy has put the server. */

/** Of its screens, without a slash at the end: `/dashboard`, or `/hooks/dashboard`. */
export const basePath = new URL(document.baseURI).pathname.replace(/\/+$/, "");

/** Whether this is the portal: the same screens, of one tenant, for whom it is. */
export const isPortal = basePath.endsWith("/portal");

/** Of the server. */
export const serverUrl = new URL("..", document.baseURI).href.replace(/\/+$/, "");
