ALTER TABLE `titles` ADD `poster_hash` text;--> statement-breakpoint
-- It is of one poster, and goes with it.
CREATE TRIGGER `titles_poster_changed` AFTER UPDATE OF `poster` ON `titles` WHEN new.`poster` IS NOT old.`poster` AND new.`poster_hash` IS NOT NULL BEGIN
	UPDATE `titles` SET `poster_hash` = NULL WHERE `id` = new.`id`;
END;
