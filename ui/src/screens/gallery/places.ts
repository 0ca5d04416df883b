/** Ways from these screens to others. */
export function openViewer(id: string): void { location.hash = `viewer/${id}`; }
export function closeViewer(): void { history.back(); }
export function openJob(id: string): void { location.hash = `job/${id}`; }
export function openQueue(): void { location.hash = "queue"; }
