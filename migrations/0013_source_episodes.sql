ALTER TABLE `sources` ADD `episode` text;
--> statement-breakpoint
UPDATE `sources` SET `episode` = (SELECT json_object('season', `season_number`, 'episode', `episode_number`) FROM `titles` WHERE `titles`.`id` = `title_id`) WHERE `file_path` IS NULL AND `title_id` IN (SELECT `id` FROM `titles` WHERE `kind` = 'episode' AND `season_number` IS NOT NULL AND `episode_number` IS NOT NULL);
