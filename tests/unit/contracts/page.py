"""What the page of feeds says, written down by hand: one feed a paragraph, to hold against the contracts.

First line: feed, domain, frequency, due day or -, member or -, `snapshot` or `plain`, title. Then the fields, separated
by ` · `: name, header, type, marks (S scope, K key, ? may be missing, - none) and, if coded, code=name pairs.
"""

PAGE = """
energy_supply energy monthly 15 product plain 全社会能源供应分部门消费
month 统计月份 month SK · product 能源品种 text SK · sector 用能部门 text K primary=第一产业 industry=工业 construction=建筑业 transport=交通运输 commerce=商业及服务业 public=公共机构 residential=居民生活 · quantity 消费量 dec - · unit 计量单位 text -

energy_enterprise energy monthly 20 enterprise_id plain 规上工业企业能源购进消费与库存
month 统计月份 month SK · months 覆盖月数 int ? · enterprise_id 统一社会信用代码 text SK · enterprise_name 单位名称 text - · industry_code 行业代码 text - · product 能源品种 text K · unit 计量单位 text - · opening_stock 期初库存 dec ? · purchased 购进量 dec ? · consumption 消费量合计 dec - · feedstock 用作原料 dec ? · transformation_output 加工转换产出 dec ? · power_input 发电投入 dec ? · closing_stock 期末库存 dec ?

power_generation energy monthly 10 plant_id plain 本地发电量
month 统计月份 month SK · plant_id 电站编号 text SK · plant_name 电站名称 text - · source 发电类型 text - solar=光伏 wind=风电 hydro=水电 biomass=生物质 waste=垃圾焚烧 gas=燃气 coal=燃煤 · generated 发电量 dec - · self_used 自发自用电量 dec ?

generation_projects energy monthly - - snapshot 新能源与储能项目台账
as_of 统计日期 date S · project_id 项目编号 text K · name 项目名称 text - · source 类型 text - solar=光伏 wind=风电 hydro=水电 biomass=生物质 waste=垃圾焚烧 gas=燃气 coal=燃煤 · mounting 建设形式 text ? rooftop=屋顶分布式 agrivoltaic=农光互补 ground=地面 other=其他 · site 建设地点 text ? · capacity_mw 装机容量 dec - · storage_mw 配储功率 dec ? · storage_mwh 配储容量 dec ? · status 状态 text - planned=拟建 building=在建 operating=并网运行 retired=退役 · grid_date 并网日期 date ? · retired_date 退役日期 date ?

meters energy irregular - - snapshot 重点用户电表档案
as_of 统计日期 date S · meter_id 表计编号 text K · enterprise_id 统一社会信用代码 text - · sector 用能部门 text - primary=第一产业 industry=工业 construction=建筑业 transport=交通运输 commerce=商业及服务业 public=公共机构 residential=居民生活 · rated_kw 额定容量 dec ?

meter_readings energy daily - meter_id plain 重点用户15分钟电量
day 日期 date S · meter_id 表计编号 text K · ts 时刻 ts K · kwh 电量 dec -

vehicle_stock transport monthly - - plain 机动车保有量
month 统计月份 month SK · vehicle_type 车辆类型 text K passenger=客车 freight=货车 bus=公交车 taxi=出租车 special=专用车 · energy_type 能源类型 text K bev=纯电动 phev=插电式混合动力 fcev=燃料电池 gasoline=汽油 diesel=柴油 gas=天然气 hev=油电混合 · usage 使用性质 text K commercial=营运 private=非营运 official=公务 · stock 保有量 int -

charging_piles transport monthly - - snapshot 充电桩台账
as_of 统计日期 date S · pile_id 充电桩编号 text K · station_name 充电站名称 text - · operator 运营商 text - · access 桩类型 text - public=公共 dedicated=专用 private=私人 · power_kw 额定功率 dec - · status 状态 text - in_service=在用 fault=故障停用 removed=拆除 · commissioned 投运日期 date - · removed_on 拆除日期 date ?

charging_sessions transport daily - operator plain 充电记录
day 日期 date S · operator 运营商 text S · session_id 订单号 text K · pile_id 充电桩编号 text - · started_at 开始时间 ts - · ended_at 结束时间 ts - · kwh 充电量 dec -

travel_survey transport yearly - - plain 居民出行方式调查
year 年份 year SK · area 区域 text K central=中心城区 other=其他 · mode 出行方式 text K bus=公交 taxi=出租网约 car=小汽车 motorcycle=摩托车 ebike=电动自行车 bicycle=自行车 walk=步行 · trips 日均出行量 dec -

operating_transport transport quarterly - carriage plain 营运车辆能耗与周转量
quarter 季度 quarter SK · carriage 运输类别 text K freight=货运 passenger=客运 · product 能源品种 text K · unit 计量单位 text - · fuel_used 能源消耗量 dec - · turnover 周转量 dec -

road_materials transport yearly - - plain 路面旧料利用
year 年份 year SK · project_id 项目编号 text K · project_name 项目名称 text - · generated_t 旧料产生量 dec - · recycled_t 再生利用量 dec -

bus_coverage transport yearly - - snapshot 公交站点与专用道覆盖
as_of 统计日期 date S · community_id 社区编号 text K · name 社区名称 text - · kind 类别 text - residential=居住社区 business=商务社区 · size 规模 text - large=大型 medium=中型 small=小型 · covered 是否覆盖 bool -

building_projects buildings monthly - - snapshot 新建建筑项目台账
as_of 统计日期 date S · project_id 项目编号 text K · name 项目名称 text - · kind 建筑类别 text - residential=居住 public=公共 factory=厂房 · central_urban 是否中心城区 bool - · urban 是否城镇 bool - · government_funded 是否政府投资 bool - · large_public 是否大型公共建筑 bool - · public_institution 是否公共机构 bool - · area_m2 建筑面积 dec - · housing_m2 住房面积 dec ? · started_on 开工日期 date - · completed_on 竣工日期 date ? · green_standard 是否执行绿色建筑标准 bool - · stars 绿色建筑星级 int - 0=基本级/无 1=一星级/一星 2=二星级/二星 3=三星级/三星 · prefab_m2 装配式建筑面积 dec ? · decorated_m2 全装修面积 dec ? · saving_rate 设计节能率 dec ? · roof_m2 屋顶面积 dec ? · roof_pv_m2 屋顶光伏面积 dec ?

building_energy buildings yearly - - plain 城镇建筑用能
year 年份 year SK · kind 建筑类别 text K residential=居住 public=公共 · energy_tce 建筑能耗总量 dec - · renewable_tce 可再生能源替代量 dec -

waste_weighings waste daily - facility plain 生活垃圾过磅记录
day 日期 date S · facility 设施名称 text S · ticket_id 磅单号 text K · weighed_at 过磅时间 ts - · plate 车牌号 text - · stream 垃圾类别 text - recyclable=可回收物 kitchen=厨余垃圾 hazardous=有害垃圾 residual=其他垃圾 · route 处置方式 text - recycling=再生利用 composting=堆肥 digestion=厌氧发酵 incineration_power=焚烧发电 incineration=焚烧 landfill=填埋 hazardous_treatment=危废处置 · gross_kg 毛重 dec - · tare_kg 皮重 dec - · net_kg 净重 dec ?

waste_sorting waste monthly - community_id plain 垃圾分类与袋装收集
month 统计月份 month SK · community_id 社区编号 text K · name 社区名称 text - · households 户数 int - · sorted_households 分类收集户数 int - · bagged_households 袋装收集户数 int -

industrial_waste waste yearly - - plain 一般工业固体废物
year 年份 year SK · enterprise_id 统一社会信用代码 text SK · kind 废物种类 text K · generated_t 产生量 dec - · utilised_t 综合利用量 dec - · utilised_from_stock_t 其中利用往年贮存量 dec ? · disposed_t 处置量 dec ? · stored_t 贮存量 dec ?

forest_inventory land yearly - - plain 森林资源管理一张图小班
year 年份 year SK · compartment_id 小班号 text K · land_ha 小班面积 dec - · land_class 地类 text - forest=乔木林 bamboo=竹林 special_shrub=特殊灌木林 other_wooded=其他林地 non_forest=非林地 · stock_m3 蓄积量 dec ?

national_accounts economy quarterly - - plain 国民经济核算
year 年份 year SK · quarter 季度 int SK · item 指标 text K gdp=地区生产总值 industry=工业增加值 manufacturing=制造业增加值 industry_above_scale=规上工业增加值 · price_base 价格基期 year SK? · value_current 现价 dec - · value_constant 可比价 dec ?

park_circularity economy yearly - - snapshot 园区循环化改造
as_of 统计日期 date S · park 园区 text K · status 改造状态 text - not_started=未启动 under_way=改造中 completed=已完成 · verified_on 验收日期 date ?

cleaner_production economy yearly - - plain 强制性清洁生产审核
year 年份 year SK · enterprise_id 统一社会信用代码 text K · obliged 是否应审核 bool - · audited_on 审核完成日期 date ?

assigned_targets governance irregular - - snapshot 上级下达目标
as_of 统计日期 date S · indicator 指标代码 text K · year 目标年 year K · level 目标类型 text K basic=基本目标 incentive=激励目标 · target 目标值 dec - · base_year 基期年 year ? · method 核算口径 text ? excluding_feedstock=扣除原料用能 plain=不扣除原料用能 excluding_feedstock_and_nonfossil=扣除原料用能和非化石能源 default=默认口径 · document 文号 text - · issued_on 下达日期 date -

task_register governance monthly - - snapshot 重点任务与项目清单
as_of 统计日期 date S · item_id 编号 text K · clause 条款 text - · name 名称 text - · kind 类型 text - task=任务 project=项目 · lead_agency 牵头单位 text - · due 完成时限 date ? · status 状态 text - not_started=未启动 in_progress=推进中 done=已完成 blocked=受阻 · progress 进度 dec - · note 备注 text ?

energy_balance energy yearly - - plain 年度能源平衡表
year 年份 year SK · item 项目 text K coal=煤炭 oil=石油 gas=天然气 nonfossil=非化石能源 electricity_import=净调入电力 heat_import=净调入热力 feedstock_coal=原料用煤 feedstock_oil=原料用油 feedstock_gas=原料用气 · quantity 数量 dec - · unit 计量单位 text -

region_parameters governance yearly - - plain 地区核算参数
year 年份 year SK · parameter 参数 text K power_coal_rate=发电标准煤耗 grid_co2_factor=电力平均二氧化碳排放因子 grid_nonfossil_share=外来电非化石比重 land_area=国土面积 · value 数值 dec - · source 来源 text -

reported_indicators governance yearly - - plain 部门报送指标
year 年份 year SK · indicator 指标代码 text SK · value 数值 dec - · document 依据文件 text ?

member_ends governance irregular - - snapshot 停报登记
as_of 统计日期 date S · feed 数据集 text K · member 成员编号 text K · last_period 最后报送期 text - · reason 原因 text -
"""  # noqa: E501 - a feed a paragraph reads better than a field a line
